/** When a calendar under an administrator's hands is open. The server reckons the same way; both are held to the same cases. Pure. */
import type { ConfigCalendar, ConfigHoliday } from "@/lib/contract";
import { readDate } from "@/lib/dates";
import { clockOf, DAY_MS, dateAfter, wallAt, weekdayOf, type Opening, type Span } from "@/lib/opening";

/** Days: what opens or closes later than that is not told. */
const LOOKED_AHEAD = 60;

/** `now` in ms. Only for calendars in which nothing is wrong. */
export function openingOf(calendar: ConfigCalendar, now: number): Opening {
  const { date } = wallAt(now, calendar.zone);
  const spans = Array.from({ length: LOOKED_AHEAD + 1 }, (_, ahead) => spansOf(calendar, dateAfter(date, ahead))).flat();
  const holiday = calendar.holidays.find((each) => each.date === date) ?? null;
  if (spans.some(([start, end]) => start <= now && now < end)) {
    const until = spans.reduce((reached, [start, end]) => (start <= reached && reached < end ? end : reached), now);
    return { open: true, changesAt: until < momentOf(dateAfter(date, LOOKED_AHEAD), "00:00", calendar.zone) ? until : null, holiday };
  }
  return { open: false, changesAt: spans.find(([start]) => start > now)?.[0] ?? null, holiday };
}

/** The open times of one date in ms, in order. An hour that the change of the clock leaves out has no length. */
function spansOf({ week, holidays, zone }: ConfigCalendar, date: string): [start: number, end: number][] {
  const holiday = holidays.find((each) => each.date === date);
  const hours = holiday ? (holiday.start ? [holiday] : []) : week.filter((each) => each.day === weekdayOf(date));
  return hours
    .map(({ start, end }): [number, number] => [momentOf(date, start, zone), momentOf(date, end, zone)])
    .filter(([start, end]) => start < end)
    .toSorted(([one], [other]) => one - other);
}

/** A time on a wall in ms; of a time that comes twice the first, of one that the clock skips as if it had not. */
function momentOf(date: string, clock: string, zone: string): number {
  if (clock === "24:00") return momentOf(dateAfter(date, 1), "00:00", zone);
  const written = Date.parse(`${date}T${clock}:00Z`);
  const [before, after] = [written - DAY_MS, written + DAY_MS].map((near) => offsetAt(near, zone)) as [number, number];
  const first = written - before;
  return offsetAt(first, zone) === before || offsetAt(written - after, zone) !== after ? first : written - after;
}

function offsetAt(at: number, zone: string): number {
  const { date, clock } = wallAt(at, zone);
  return Date.parse(`${date}T${clock}:00Z`) - Math.floor(at / 60_000) * 60_000;
}

/** What people type for a time: 9, 930, 9:30, 09：30. Null when it is none. */
export function readClock(typed: string): string | null {
  const found = /^(\d{1,2})(?:[:：.]?(\d{2}))?$/.exec(typed.trim());
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  const ends = hours === 24 && minutes === 0;
  return ends || (hours < 24 && minutes < 60) ? clockOf(hours, minutes) : null;
}

/** What people type for a date: 2026-10-1, 2026/10/01, 20261001. Null when it is none. */
export const readDay = (typed: string): string | null => readDate(typed.trim().replace(/^(\d{4})[/.]?(\d{1,2})[/.]?(\d{1,2})$/, "$1-$2-$3"), false);

/** The times of one day put in the place of those of others. */
export function copyDay(week: Span[], from: number, to: readonly number[]): Span[] {
  const others = to.filter((day) => day !== from);
  const copied = week.filter((each) => each.day === from);
  return [...week.filter((each) => !others.includes(each.day)), ...others.flatMap((day) => copied.map((each) => ({ ...each, day })))];
}

/** A further time for a day: the afternoon after a morning, office hours for an empty day; null when none is left. */
export function nextSpan(week: Span[], day: number): Span | null {
  const end = week.filter((each) => each.day === day).reduce((last, each) => (each.end > last ? each.end : last), "");
  if (end === "") return { day, start: "09:00", end: "18:00" };
  const hour = Number(end.slice(0, 2)) + 1;
  if (!/^\d{2}:\d{2}$/.test(end) || hour > 23) return null;
  return { day, start: clockOf(hour, 0), end: clockOf(Math.min(24, Math.max(18, hour + 1)), 0) };
}

/** The same for the day after: holidays come in rows. */
export const dayAfter = (holiday: ConfigHoliday): ConfigHoliday => ({ ...holiday, date: dateAfter(holiday.date, 1) });
