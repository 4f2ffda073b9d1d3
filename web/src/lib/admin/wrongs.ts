/** What an administrator can be told before he asks the server: it refuses the same at the same place. Pure. */
import type { Wrong } from "@/lib/admin/draft";
import type { Bilingual, ConfigCalendar, ConfigData } from "@/lib/contract";

const CLOCK = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const E164 = /^\+[1-9]\d{6,14}$/;

const ZONE: Bilingual = { zh: "时区名称，例如 Asia/Shanghai", en: "a zone such as Asia/Shanghai" };
const TIME: Bilingual = { zh: "时间，例如 09:00", en: "a time such as 09:00" };
const DAY: Bilingual = { zh: "日期，例如 2026-10-01，不可重复", en: "a date of its own, such as 2026-10-01" };
const NUMBER: Bilingual = { zh: "国际格式的号码，例如 +862150008000，不可重复", en: "an international number of its own, such as +862150008000" };

const kept = new WeakMap<ConfigData, Wrong[]>();

/** All that is wrong in times, dates, zones and numbers; what is still empty is not held against anybody. */
export function wrongsIn(config: ConfigData): Wrong[] {
  const known = kept.get(config);
  if (known) return known;
  const found = [...config.calendars.flatMap((each, n) => inCalendar(each, `calendars.${n}`)), ...inNumbers(config)];
  kept.set(config, found);
  return found;
}

/** Places within the calendar, each behind `path`. */
export function inCalendar(calendar: ConfigCalendar, path: string): Wrong[] {
  return [
    ...(isZone(calendar.zone) ? [] : [{ path: `${path}.zone`, expected: ZONE }]),
    ...calendar.week.flatMap((each, n) => inSpan(each, `${path}.week.${n}`)),
    ...overlaps(calendar, path),
    ...inHolidays(calendar, path),
  ];
}

function inSpan({ start, end }: { start: string; end: string }, path: string): Wrong[] {
  const times = Object.entries({ start, end }).filter(([, clock]) => !CLOCK.test(clock));
  if (times.length > 0) return times.map(([name]) => ({ path: `${path}.${name}`, expected: TIME }));
  return start < end ? [] : [{ path: `${path}.end`, expected: { zh: `晚于 ${start}`, en: `later than ${start}` } }];
}

function overlaps({ week }: ConfigCalendar, path: string): Wrong[] {
  const ends = new Map<number, string>();
  const sound = week.map((each, n) => ({ ...each, n })).filter((each) => inSpan(each, "").length === 0);
  const inOrder = sound.toSorted((one, other) => one.day - other.day || one.start.localeCompare(other.start));
  return inOrder.flatMap(({ day, start, end, n }) => {
    const before = ends.get(day) ?? "";
    ends.set(day, end > before ? end : before);
    return start < before ? [{ path: `${path}.week.${n}.start`, expected: { zh: `不早于上一段的 ${before}`, en: `${before} or later: it is open until then` } }] : [];
  });
}

function inHolidays({ holidays }: ConfigCalendar, path: string): Wrong[] {
  return holidays.flatMap((each, n) => {
    const again = holidays.findIndex((other) => other.date === each.date) < n;
    const wrongDay = each.date !== "" && (again || !isDate(each.date));
    const day = wrongDay ? [{ path: `${path}.holidays.${n}.date`, expected: DAY }] : [];
    return [...day, ...(each.start || each.end ? inSpan({ start: each.start, end: each.end }, `${path}.holidays.${n}`) : [])];
  });
}

function inNumbers({ numbers }: ConfigData): Wrong[] {
  return numbers.flatMap(({ number }, n) => {
    const again = numbers.findIndex((other) => other.number === number) < n;
    return number !== "" && (again || !E164.test(number)) ? [{ path: `numbers.${n}.number`, expected: NUMBER }] : [];
  });
}

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return DATE.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** Names of the database as they are written there; a bare offset is none. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    const found = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    return found === name || found.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
