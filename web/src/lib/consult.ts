/** What a colleague beside the agent means for this screen: which rooms are heard, what may be done, what is left. Pure. */
import type { Consult, Snapshot } from "@/lib/contract";
import { byPhone, contactToHear } from "@/lib/floor";

export interface Sounds {
  /** The contact whose customer is heard, null for none. */
  contact: string | null;
  /** As what: the edge ends a room differently when its agent goes. */
  as: "agent" | "partner";
  /** The contact about which two agents talk apart, null for none. */
  consult: string | null;
  /** Whether the contact's sound is sealed end to end. */
  sealed: boolean;
}

export function soundsOf(floor: Snapshot | undefined): Sounds {
  // Whose sound comes by phone has none in this page.
  const contact = byPhone(floor) ? null : contactToHear(floor);
  const consult = floor?.consult ?? null;
  if (contact === null || consult === null) return { contact, as: "agent", consult: null, sealed: contact !== null && floor?.contact?.sealed === true };
  const beside = consult.mine || consult.state === "conference";
  return { contact: beside ? contact : null, as: consult.mine ? "agent" : "partner", consult: consult.state === "talking" ? contact : null, sealed: false };
}

/** The customer is on hold and hears neither agent. */
export const isApart = (consult: Consult | null): boolean => consult !== null && consult.state !== "conference";

/** Whether this agent only helps: the contact is somebody else's. */
export const isGuest = (consult: Consult | null): boolean => consult !== null && !consult.mine;

export interface Aftermath {
  contact: string;
  /** The other agent. */
  name: string;
  /** The contact was given to me; the colleague never joined; he joined and is off again. */
  kind: "given" | "not_joined" | "over";
  /** Whether the customer was on hold when it ended. */
  held: boolean;
}

/**
 * What a consult that is over left behind. It stands until the customer is taken back, or is put away; being given a
 * contact stands until it is put away. `known` is what stood, `before` the floor then.
 */
export function aftermath(known: Aftermath | null, before: Snapshot | undefined, floor: Snapshot): Aftermath | null {
  const { contact, consult } = floor;
  if (!contact || consult || contact.state === "wrap_up") return null;
  const held = contact.state === "held";
  const was = before?.contact?.id === contact.id ? before.consult : null;
  if (was) return { contact: contact.id, name: was.other.name, kind: kindOf(was), held };
  // A page that was loaded anew saw no consult; the floor remembers who the customer came from.
  if (contact.given_by !== null) return { contact: contact.id, name: contact.given_by, kind: "given", held };
  if (known?.contact !== contact.id) return null;
  return held || !known.held || known.kind === "given" ? known : null;
}

function kindOf(was: Consult): Aftermath["kind"] {
  if (!was.mine) return "given";
  return was.state === "asked" ? "not_joined" : "over";
}
