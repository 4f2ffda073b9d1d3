/** How numbers and times are written. Pure, no locale of the machine. */
import type { Bilingual, Lang } from "@/lib/contract";

const pad = (n: number) => String(n).padStart(2, "0");

/** `mm:ss`, from an hour on `h:mm:ss`; never negative. */
export function duration(ms: number): string {
  const all = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${pad(m)}:${pad(s)}`;
}

/** Whole seconds left until `end`, never negative. `now` is a whole second, so a span of 15 s begins at 15. */
export const secondsLeft = (end: number, now: number): number => Math.max(0, Math.floor((end - now) / 1000));

/** Decibels as people write them, with a real minus sign. */
export const decibels = (db: number): string => (db < 0 ? `\u2212${-db}` : String(db));

/** `HH:MM:SS` in the reader's own zone. */
export function clockTime(ms: number): string {
  const at = new Date(ms);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** `HH:MM` today, `MM-DD` otherwise. */
export function shortDate(ms: number, now: number): string {
  const [at, today] = [new Date(ms), new Date(now)];
  if (at.toDateString() === today.toDateString()) return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  return `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

export const pick = (text: Bilingual, lang: Lang): string => text[lang];

/** Queue wait in whole minutes, at least one while there is any wait. */
export const waitMinutes = (seconds: number): number => (seconds <= 0 ? 0 : Math.max(1, Math.round(seconds / 60)));

/** E.164 as typed by a person: a bare mainland mobile gets +86. Null when it is no number. */
export function toE164(typed: string): string | null {
  const digits = typed.replace(/[\s\-()]/g, "");
  if (/^1[3-9]\d{9}$/.test(digits)) return `+86${digits}`;
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

/** The last six signs of an id, for people who read numbers to each other. */
export const shortId = (id: string): string => id.replaceAll("-", "").slice(-6).toUpperCase();
