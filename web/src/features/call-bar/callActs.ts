import { setDesk, useDesk, type Giving } from "@/hooks/useDesk";
import type { Command } from "@/hooks/useFloor";
import { byPhone } from "@/lib/floor";
import { isApart, isGuest } from "@/lib/consult";
import type { Snapshot } from "@/lib/contract";
import { setMuted, useLine } from "@/lib/line";

export interface CallActs {
  mute: () => void;
  hold: () => void;
  transfer: () => void;
  conference: () => void;
  /** Ends the call; for a colleague who only helps: his part in it. */
  hangup: () => void;
  complete: () => void;
  cancel: () => void;
}

const choose = (giving: Giving) => () => setDesk({ giving: useDesk.getState().giving === giving ? null : giving });

/**
 * What this moment allows, by name, for buttons and keys alike. While two talk apart nobody hangs up: the word with the
 * colleague is ended first, so that no customer on hold is cut off by mistake.
 */
export function callActs(floor: Snapshot, send: (command: Command) => void): Partial<CallActs> {
  const { contact, consult } = floor;
  if (!contact || contact.state === "wrap_up" || contact.state === "offered") return {};
  const { id } = contact;
  // A telephone has its own key for that.
  const mute = !byPhone(floor) ? { mute: () => setMuted(!useLine.getState().muted) } : {};
  if (isGuest(consult)) return { ...mute, hangup: () => send({ do: "leave", contact: id }) };
  const held = contact.state === "held";
  const met = held || contact.state === "connected";
  const apart = isApart(consult);
  return {
    ...mute,
    ...(met && !apart && { hold: () => send({ do: held ? "resume" : "hold", contact: id }) }),
    ...(met && !consult && { transfer: choose("transfer") }),
    ...(met && !consult && !contact.sealed && { conference: choose("conference") }),
    ...(!apart && { hangup: () => send({ do: "hangup", contact: id }) }),
    ...(consult && { cancel: () => send({ do: "cancel", contact: id }) }),
    ...(consult && consult.state !== "asked" && { complete: () => send({ do: "complete", contact: id }) }),
    ...(consult?.state === "talking" && { conference: () => send({ do: "conference", contact: id }) }),
  };
}
