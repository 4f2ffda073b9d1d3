import { useMatterName } from "@/hooks/useConfig";
import { useTicketDraft } from "@/hooks/useTicketDraft";
import { useWords } from "@/hooks/useWords";
import { clockTime } from "@/lib/format";
import type { Ticket } from "@/lib/contract";
import { isDirty, type Draft } from "@/lib/ticketDraft";
import { fieldsOf, isFilled, missingFields } from "@/lib/ticketSchema";
import { FieldInput } from "./FieldInput";
import { MessagePlayer } from "./MessagePlayer";
import { TicketFoot } from "./TicketFoot";
import { TicketHistory } from "./TicketHistory";

/** While the call goes on, only this many gaps or fewer are pointed at. */
const LAST_FEW = 2;

interface Props {
  ticket: Ticket;
  schema: unknown;
  /** A call rings while this form is open. */
  ringing: boolean;
  /** The conversation it belongs to is going on: empty fields are no reproach yet. */
  talking: boolean;
}

/** The ticket as a form drawn from the company's schema; saves itself while it is written. */
export function TicketForm({ ticket, schema, ringing, talking }: Props) {
  const { w } = useWords();
  const matter = useMatterName()(ticket.matter);
  const { draft, values, type, flush } = useTicketDraft(ticket);
  const fields = fieldsOf(schema, ticket.matter);
  const open = draft.ticket.state === "draft";
  const missing = missingFields(fields, values, draft.ticket.missing);
  const filled = fields.filter((field) => isFilled(values[field.name])).length;
  return (
    <section className="ticket" aria-labelledby="ticket-title">
      <header className="section-head">
        <h2 id="ticket-title">{w.ticketOf(matter)}</h2>
        <span className="quiet tabular" role="status">
          <SaveState draft={draft} />
        </span>
        <span className="section-head__end quiet tabular">
          {w.filled} <b>{filled}</b> / {fields.length} {w.fields}
        </span>
      </header>
      {ticket.message_ms > 0 && <MessagePlayer key={ticket.id} ticket={ticket.id} lengthMs={ticket.message_ms} />}
      <div className="ticket__fields">
        {fields.map((field) => (
          <FieldInput key={field.name} field={field} value={values[field.name]} missing={open && missing.includes(field)} urgent={!talking || missing.length <= LAST_FEW} disabled={!open} onChange={(value) => type(field.name, value)} />
        ))}
        <TicketHistory ticket={draft.ticket} />
      </div>
      <TicketFoot ticket={draft.ticket} missing={missing} dirty={isDirty(draft)} ringing={ringing} flush={flush} />
    </section>
  );
}

function SaveState({ draft }: { draft: Draft }) {
  const { w } = useWords();
  const { ticket } = draft;
  if (ticket.state !== "draft") return ticket.state === "submitted" ? w.submitted(clockTime(ticket.updated_at)) : (w.ticketState[ticket.state] ?? ticket.state);
  if (draft.sending) return `${w.draftState}・${w.saving}`;
  if (draft.failed) return `${w.draftState}・${w.saveFailed}`;
  if (isDirty(draft)) return `${w.draftState}・${w.unsaved}`;
  return `${w.draftState}・${w.savedAt(clockTime(draft.savedAt ?? ticket.updated_at))}`;
}
