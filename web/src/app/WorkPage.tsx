import { Empty, Skeleton } from "@/components/Parts";
import { AssistColumn } from "@/features/assist/AssistColumn";
import { CallFacts } from "@/features/procedure/CallFacts";
import { IdlePanel } from "@/features/procedure/IdlePanel";
import { SopPanel } from "@/features/procedure/SopPanel";
import { QueueColumn } from "@/features/queue/QueueColumn";
import { TicketForm } from "@/features/ticket/TicketForm";
import { WrapUpStrip } from "@/features/wrap-up/WrapUpStrip";
import { useConfig } from "@/hooks/useConfig";
import { setDesk, useDesk, type PhoneTab } from "@/hooks/useDesk";
import { useTicket } from "@/hooks/useTickets";
import { useWords } from "@/hooks/useWords";
import { isGuest } from "@/lib/consult";
import type { Snapshot } from "@/lib/contract";
import { wentOn } from "@/lib/floor";

/** Queue, centre, assistance. On a phone three tabs show them one at a time. */
export function WorkPage({ floor }: { floor: Snapshot }) {
  const { tab, drawer, chosen } = useDesk();
  return (
    <div className="work" data-tab={tab} data-busy={floor.contact !== null} data-other={chosen !== null}>
      <PhoneTabs tab={tab} />
      <QueueColumn floor={floor} />
      <Centre floor={floor} chosen={chosen} />
      <AssistColumn floor={floor} open={drawer} />
    </div>
  );
}

function Centre({ floor, chosen }: { floor: Snapshot; chosen: string | null }) {
  const { w } = useWords();
  const contact = chosen === null ? floor.contact : null;
  const id = chosen ?? floor.contact?.ticket ?? null;
  const ticket = useTicket(id);
  const schema = useConfig()?.ticket_schema;
  if (!contact && id === null) {
    return (
      <div className="centre">
        <IdlePanel floor={floor} />
      </div>
    );
  }
  return (
    <div className="centre">
      {floor.contact?.state === "wrap_up" && <WrapUpStrip contact={floor.contact} />}
      {contact && (
        <div className="centre__call">
          <SopPanel contact={contact} />
          <CallFacts contact={contact} />
        </div>
      )}
      {id === null && <NoTicket floor={floor} />}
      {id !== null && (!ticket || !schema) && <Skeleton lines={6} label={w.loading} />}
      {ticket && schema && <TicketForm key={ticket.id} ticket={ticket} schema={schema} ringing={floor.offer !== null} talking={contact !== null && contact.state !== "wrap_up"} />}
    </div>
  );
}

/** Why there is no ticket before who has a contact. */
function NoTicket({ floor }: { floor: Snapshot }) {
  const { w } = useWords();
  const given = useDesk((desk) => desk.aftermath?.kind === "given");
  if (isGuest(floor.consult)) {
    return (
      <Empty icon="ticket" title={w.ticketElsewhere(floor.consult?.other.name ?? "")}>
        {w.ticketElsewhereHint}
      </Empty>
    );
  }
  if (wentOn(floor.contact)) return <Empty icon="ticket" title={w.ticketGone} />;
  return <Empty icon="ticket" title={given ? w.ticketLater : w.ticketOpening}>{given && w.ticketLaterHint}</Empty>;
}

function PhoneTabs({ tab }: { tab: PhoneTab }) {
  const { w } = useWords();
  const names: Record<PhoneTab, string> = { call: w.tabCall, ticket: w.ticket, assist: w.assistPanel };
  return (
    <div className="phone-tabs" role="tablist">
      {(Object.keys(names) as PhoneTab[]).map((each) => (
        <button key={each} type="button" role="tab" aria-selected={each === tab} onClick={() => setDesk({ tab: each })}>
          {names[each]}
        </button>
      ))}
    </div>
  );
}
