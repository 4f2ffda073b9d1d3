/** What the snapshot of the floor means for this screen. Pure. */
import type { Contact, Snapshot } from "@/lib/contract";

export type Scene = "idle" | "ringing" | "connecting" | "talking" | "held" | "wrap_up";

/** Answers may overtake each other: an older view of the floor never replaces a newer one. */
export function newest(held: Snapshot | undefined, heard: Snapshot): Snapshot {
  if (!held) return heard;
  if (heard.agent.id !== held.agent.id) return heard;
  if (heard.agent.version !== held.agent.version) return heard.agent.version > held.agent.version ? heard : held;
  const [before, after] = [held.contact, heard.contact];
  if (before && after && before.id === after.id && before.version !== after.version) return after.version > before.version ? heard : held;
  return heard.now >= held.now ? heard : held;
}

const BY_STATE: Record<Contact["state"], Scene> = {
  offered: "ringing",
  connecting: "connecting",
  connected: "talking",
  held: "held",
  wrap_up: "wrap_up",
};

export function sceneOf(floor: Snapshot | undefined): Scene {
  if (floor?.contact) return BY_STATE[floor.contact.state];
  return floor?.offer ? "ringing" : "idle";
}

/** Whether the agent's sound comes by telephone or SIP, and not through this page. */
export const byPhone = (floor: Snapshot | undefined): boolean =>
  floor !== undefined && floor.agent.sound.by !== "headset" && !floor.contact?.sealed;

/** The contact whose sound the agent hears, null when there is none. */
export function contactToHear(floor: Snapshot | undefined): string | null {
  const scene = sceneOf(floor);
  return scene === "connecting" || scene === "talking" || scene === "held" ? (floor?.contact?.id ?? null) : null;
}

/** Whether the customer is with somebody else by now: given on, or another agent's all along. */
export const wentOn = (contact: Contact | null): boolean => contact?.ended_by === "given_on" || contact?.ended_by === "helped";

/** Milliseconds this conversation has lasted, 0 before it began; stands still once it has ended. */
export function talkTime(contact: Contact, now: number): number {
  return contact.connected_at === null ? 0 : Math.max(0, (contact.ended_at ?? now) - contact.connected_at);
}

/** Milliseconds the caller waited before being connected. */
export const waited = (contact: Contact, now: number): number => Math.max(0, (contact.connected_at ?? now) - contact.queued_at);

/** What the heartbeat tells the server that this page has seen. */
export function versionsSeen(floor: Snapshot | undefined): { agent: number; contact: number } {
  return { agent: floor?.agent.version ?? 0, contact: floor?.contact?.version ?? 0 };
}
