/** Opening times as people read them: weeks in lines, moments in words. Pure; every time is shown in the zone it was meant in. */
import type { Bilingual, Lang } from "@/lib/contract";
import { OPENING_WORDS } from "@/lib/words/opening";

/** One open time of a day of the week; day 0 is Monday, times as HH:MM, 24:00 ends the day. */
export interface Span {
  day: number;
  start: string;
  end: string;
}
/** The clock on the wall somewhere; `date` as YYYY-MM-DD, `clock` as HH:MM. */
export interface Wall {
  date: string;
  clock: string;
}

export const DAY_MS = 86_400_000;
export const WEEK = [0, 1, 2, 3, 4, 5, 6] as const;

const clocks = new Map<string, Intl.DateTimeFormat>();
const pad = (n: number) => String(n).padStart(2, "0");

/** What `at` (ms) is there. Throws RangeError for a zone nobody knows. */
export function wallAt(at: number, zone: string): Wall {
  const known = clocks.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
  clocks.set(zone, known);
  const part = Object.fromEntries(known.formatToParts(at).map(({ type, value }) => [type, value])) as Record<"year" | "month" | "day" | "hour" | "minute", string>;
  return { date: `${part.year}-${part.month}-${part.day}`, clock: `${part.hour}:${part.minute}` };
}

const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The date so many days later. */
export const dateAfter = (date: string, days: number): string => new Date(midnight(date) + days * DAY_MS).toISOString().slice(0, 10);

/** 0 for Monday. */
export const weekdayOf = (date: string): number => (new Date(midnight(date)).getUTCDay() + 6) % 7;

/** `9月30日`, `30 Sep`. */
export function dayOf(date: string, lang: Lang): string {
  const [, month, day] = date.split("-").map(Number);
  return OPENING_WORDS[lang].date(month ?? 0, day ?? 0);
}

/** `今天 18:00`, `明天 09:00`, `12月1日 周二 09:00`; short without the date where the weekday alone tells it. */
export function whenIs(at: number, now: number, zone: string, lang: Lang, short = false): string {
  return told(wallAt(at, zone), now, zone, lang, short);
}

/** As `whenIs`, for an end: midnight is 24:00 of the day that it ends. */
export function whenEnds(at: number, now: number, zone: string, lang: Lang): string {
  const end = wallAt(at, zone);
  return told(end.clock === "00:00" ? { date: dateAfter(end.date, -1), clock: "24:00" } : end, now, zone, lang, false);
}

function told({ date, clock }: Wall, now: number, zone: string, lang: Lang, short: boolean): string {
  const w = OPENING_WORDS[lang];
  const ahead = (midnight(date) - midnight(wallAt(now, zone).date)) / DAY_MS;
  if (ahead === 0) return short ? clock : w.at(w.today, clock);
  if (ahead === 1) return short ? `${w.tomorrow} ${clock}` : w.at(w.tomorrow, clock);
  const weekday = w.weekdays[weekdayOf(date)] ?? "";
  return short && ahead < 7 ? `${weekday} ${clock}` : w.at(w.dated(dayOf(date, lang), weekday), clock);
}

/** `changesAt` (ms): when it closes while open, when it opens otherwise; null when that is too far away. `holiday` is today's. */
export interface Opening {
  open: boolean;
  changesAt: number | null;
  holiday: Bilingual | null;
}

/** `服务中，到今天 18:00`. */
export function openingTold({ open, changesAt, holiday }: Opening, now: number, zone: string, lang: Lang): string {
  const w = OPENING_WORDS[lang];
  if (open) return changesAt === null ? w.openAlways : w.openUntil(whenEnds(changesAt, now, zone, lang));
  const rest = changesAt === null ? w.shutLong : w.shutUntil(whenIs(changesAt, now, zone, lang));
  return holiday ? w.onHoliday(holiday[lang], rest) : rest;
}

/** The open times of a day in order, `09:00–12:00、13:30–18:00`; '' for a closed one. */
export function hoursOf(spans: Omit<Span, "day">[], lang: Lang): string {
  const inOrder = spans.toSorted((one, other) => one.start.localeCompare(other.start));
  return inOrder.map(({ start, end }) => `${start}–${end}`).join(OPENING_WORDS[lang].comma);
}

/** A week in as few lines as say it all: days with the same hours stand together, closed ones come last. */
export function weekLines(week: Span[], lang: Lang): { days: string; hours: string }[] {
  const byHours = new Map<string, number[]>();
  for (const day of WEEK) {
    const hours = hoursOf(week.filter((each) => each.day === day), lang);
    byHours.set(hours, [...(byHours.get(hours) ?? []), day]);
  }
  const lines = [...byHours].map(([hours, days]) => ({ days: daysTold(days, lang), hours: hours || OPENING_WORDS[lang].shut, shut: hours === "" }));
  return lines.toSorted((one, other) => Number(one.shut) - Number(other.shut)).map(({ days, hours }) => ({ days, hours }));
}

/** `周一至周五`, `周二、周四`: three and more on end are a range. */
function daysTold(days: number[], lang: Lang): string {
  const w = OPENING_WORDS[lang];
  if (days.length === 7) return w.everyDay;
  const runs: number[][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  const name = (day: number | undefined) => w.weekdays[day ?? 0] ?? "";
  const parts = runs.flatMap((run) => (run.length > 2 ? [w.range(name(run[0]), name(run.at(-1)))] : run.map(name)));
  return parts.join(w.comma);
}

/** Whether clocks there and here show the same at this moment. */
export const sameClock = (at: number, zone: string, here: string): boolean => JSON.stringify(wallAt(at, zone)) === JSON.stringify(wallAt(at, here));

/** `14:05` there. */
export const clockThere = (at: number, zone: string): string => wallAt(at, zone).clock;

export const clockOf = (hours: number, minutes: number): string => `${pad(hours)}:${pad(minutes)}`;
