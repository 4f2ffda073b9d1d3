/** Dates of a form: people write `2026-11-20 20:30` in their own zone, the ticket keeps RFC 3339 with the zone. */
const pad = (n: number) => String(n).padStart(2, "0");
const WRITTEN = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/;

const day = (at: Date) => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
const time = (at: Date) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;

function zone(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** What the ticket keeps for what was written, or null while it is no date. `timed` is false for a plain day. */
export function readDate(written: string, timed: boolean): string | null {
  const found = WRITTEN.exec(written.trim());
  if (!found) return null;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0] = found.slice(1).map((part) => Number(part));
  const at = new Date(year, month - 1, date, hour || 0, minute || 0);
  if (Number.isNaN(at.getTime()) || at.getMonth() !== month - 1 || at.getDate() !== date || minute > 59 || hour > 23) return null;
  return timed ? `${day(at)}T${time(at)}:00${zone(at)}` : day(at);
}

/** How a kept date is shown; text that is no date is shown as it is. */
export function showDate(kept: string, timed: boolean): string {
  const at = new Date(timed || kept.includes("T") ? kept : `${kept}T00:00`);
  if (kept === "" || Number.isNaN(at.getTime())) return kept;
  return timed ? `${day(at)} ${time(at)}` : day(at);
}
