import type { PublicHours, PublicMatters } from "@/lib/contract";
import { wallAt, type Opening } from "@/lib/opening";
import type { Matter } from "./MatterPicker";

/** The opening times of a matter, undefined for one that is always served. */
export const hoursFor = (offer: PublicMatters, matter: Matter | undefined): PublicHours | undefined => offer.hours.find((each) => each.id === matter?.hours);

export const isShut = (offer: PublicMatters, matter: Matter | undefined): boolean => hoursFor(offer, matter)?.open === false;

/** `now` in ms, on the server's clock. */
export function openingNow({ open, changes_at, days, zone }: PublicHours, now: number): Opening {
  const today = wallAt(now, zone).date;
  return { open, changesAt: changes_at, holiday: days.find((each) => each.date === today) ?? null };
}
