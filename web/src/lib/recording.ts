/** Whether a conversation is recorded at this moment. Pure; times are ms. */
import type { Contact } from "@/lib/contract";

/** How long nothing is recorded yet; 0 where all is. */
export function unrecordedFor(contact: Contact, now: number): number {
  return Math.max(0, (contact.unrecorded_until ?? 0) - now);
}

/** Whether the pause that was to last `until` then came to its end by itself, within the last `toldMs`. */
export function ranOut(until: number, contact: Contact, now: number, toldMs: number): boolean {
  const reached = until > 0 && until <= now && now < until + toldMs;
  return reached && (contact.unrecorded_until === null || contact.unrecorded_until <= now);
}
