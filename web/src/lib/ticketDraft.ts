/** A ticket being edited: what the server holds, what is typed here, what is on its way. Pure. */
import type { FieldValues, Ticket } from "@/lib/contract";

export interface Draft {
  ticket: Ticket;
  /** Typed and not yet sent. */
  edits: FieldValues;
  /** Sent and not yet answered. */
  sending: FieldValues | null;
  /** Server accepted the last change at (ms), null before the first. */
  savedAt: number | null;
  failed: boolean;
}

export type DraftMove =
  | { what: "opened"; ticket: Ticket }
  | { what: "typed"; field: string; value: unknown }
  | { what: "sent" }
  | { what: "saved"; ticket: Ticket; at: number }
  | { what: "heard"; ticket: Ticket }
  | { what: "lost" };

export const openDraft = (ticket: Ticket): Draft => ({ ticket, edits: {}, sending: null, savedAt: null, failed: false });

export const isDirty = (draft: Draft): boolean => Object.keys(draft.edits).length > 0;

/** What the form shows: typed over sent over stored. */
export const valuesOf = (draft: Draft): FieldValues => ({ ...draft.ticket.fields, ...draft.sending, ...draft.edits });

const newer = (held: Ticket, heard: Ticket): Ticket => (heard.version >= held.version ? heard : held);

export function moveDraft(draft: Draft, move: DraftMove): Draft {
  switch (move.what) {
    case "opened":
      return move.ticket.id === draft.ticket.id ? { ...draft, ticket: newer(draft.ticket, move.ticket) } : openDraft(move.ticket);
    case "typed":
      return { ...draft, edits: { ...draft.edits, [move.field]: move.value }, failed: false };
    case "sent":
      return { ...draft, sending: draft.edits, edits: {} };
    case "saved":
      return { ...draft, ticket: newer(draft.ticket, move.ticket), sending: null, savedAt: move.at, failed: false };
    case "heard": // someone else wrote first: theirs below, what was typed here stays on top and is sent again
      return { ...draft, ticket: newer(draft.ticket, move.ticket), edits: { ...draft.sending, ...draft.edits }, sending: null };
    case "lost":
      return { ...draft, edits: { ...draft.sending, ...draft.edits }, sending: null, failed: true };
  }
}
