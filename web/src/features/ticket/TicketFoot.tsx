import { Button, Keys } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem } from "@/components/Parts";
import { useSubmitTicket } from "@/hooks/useTickets";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import type { Ticket } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import type { Field } from "@/lib/ticketSchema";

interface Props {
  ticket: Ticket;
  missing: Field[];
  dirty: boolean;
  ringing: boolean;
  flush: () => Promise<Ticket>;
}

/** What is still missing, save, submit. */
export function TicketFoot({ ticket, missing, dirty, ringing, flush }: Props) {
  const { w, pick } = useWords();
  const submit = useSubmitTicket();
  const answer = usePrefs((prefs) => prefs.keys.answer);
  if (ticket.state !== "draft") return null;
  const names = missing.map((field) => pick(field.title)).join(w.between);
  // What was typed last goes first: the version that is submitted is the one on the screen.
  const send = async () => {
    const stored = await flush().catch(() => null);
    if (stored) submit.mutate(stored);
  };
  return (
    <footer className="ticket__foot">
      {submit.isError && (
        <Problem onDismiss={submit.reset} dismiss={w.dismiss}>
          {pick(explain(submit.error))}
        </Problem>
      )}
      <span className="ticket__left">
        {ringing ? (
          <>
            <Icon name="pen" /> {w.cursorStays} <Keys of={answer} /> {w.toAnswer}
          </>
        ) : missing.length > 0 ? (
          w.missing(missing.length, names)
        ) : (
          w.complete
        )}
      </span>
      <Button disabled={!dirty} onClick={() => void flush().catch(() => undefined)}>
        {w.saveDraft}
      </Button>
      <Button look="primary" disabled={missing.length > 0 || submit.isPending} onClick={() => void send()}>
        {w.submit}
      </Button>
    </footer>
  );
}
