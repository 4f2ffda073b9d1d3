import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { copyDay, dayAfter, nextSpan, openingOf, readClock, readDay } from "@/lib/admin/hours";
import { inCalendar, isZone, wrongsIn } from "@/lib/admin/wrongs";
import type { ConfigCalendar, ConfigData } from "@/lib/contract";
import { sameClock, weekLines, whenEnds, whenIs, type Span } from "@/lib/opening";

interface Cases {
  calendars: ConfigCalendar[];
  moments: { calendar: string; at: string; open: boolean; changes_at: string | null }[];
  wrong: { path: string; calendar: ConfigCalendar }[];
}
/** The server's own tests read the same file. */
const cases = JSON.parse(readFileSync(new URL("../../tests/unit/config/opening.json", import.meta.url), "utf8")) as Cases;
const ms = (text: string) => Date.parse(text);
const on = (days: number[], ...hours: [string, string][]): Span[] => days.flatMap((day) => hours.map(([start, end]) => ({ day, start, end })));

describe("a calendar on the page", () => {
  it.each(cases.moments)("is open or shut as on the server: $calendar at $at", ({ calendar, at, open, changes_at }) => {
    const found = cases.calendars.find((each) => each.id === calendar);
    if (!found) throw new Error("no such calendar");
    const told = openingOf(found, ms(at));
    expect([told.open, told.changesAt && new Date(told.changesAt).toISOString()]).toEqual([open, changes_at && new Date(ms(changes_at)).toISOString()]);
  });

  it.each(cases.calendars)("has nothing wrong where the server takes it: $id", (calendar) => {
    expect(inCalendar(calendar, "c")).toEqual([]);
  });

  it.each(cases.wrong)("is marked where the server refuses it: $path", ({ path, calendar }) => {
    expect(inCalendar(calendar, "c").map((each) => each.path)).toEqual([`c.${path}`]);
  });

  it("is not scolded for what is still to be typed", () => {
    const config = { calendars: [{ id: "a", zh: "", en: "", zone: "UTC", week: [], holidays: [{ date: "", zh: "", en: "", start: "", end: "" }] }], numbers: [{ number: "", zh: "", en: "", lang: "", queue: "" }] };
    expect(wrongsIn(config as unknown as ConfigData)).toEqual([]);
  });

  it("knows zones by their names, old ones too, and no bare offsets", () => {
    expect(["Asia/Shanghai", "Asia/Calcutta", "UTC", "Europe/Kiev"].map(isZone)).toEqual([true, true, true, true]);
    expect(["", "utc", "+08:00", "Asia", "asia/shanghai"].map(isZone)).toEqual([false, false, false, false, false]);
  });
});

describe("a time", () => {
  it.each([["9", "09:00"], ["930", "09:30"], ["9:30", "09:30"], ["9：30", "09:30"], ["1800", "18:00"], ["24", "24:00"], ["24:00", "24:00"], [" 7 ", "07:00"]])("may be typed as %j", (typed, read) => {
    expect(readClock(typed)).toBe(read);
  });

  it.each(["", "25", "24:01", "9:60", "noon", "12345", "-1"])("is not %j", (typed) => {
    expect(readClock(typed)).toBeNull();
  });
});

describe("a date", () => {
  it.each([["2026-10-1", "2026-10-01"], ["2026/10/01", "2026-10-01"], ["20261001", "2026-10-01"], ["2026.1.9", "2026-01-09"], ["2026-02-30", null], ["tomorrow", null], ["", null]])("may be typed as %j", (typed, read) => {
    expect(readDay(typed)).toBe(read);
  });
});

describe("a week", () => {
  const office = [...on([0, 1, 2, 3, 4], ["13:30", "18:00"], ["09:00", "12:00"]), ...on([5], ["10:00", "16:00"])];

  it("is read in as few lines as say it all", () => {
    expect(weekLines(office, "zh")).toEqual([
      { days: "周一至周五", hours: "09:00–12:00、13:30–18:00" },
      { days: "周六", hours: "10:00–16:00" },
      { days: "周日", hours: "休息" },
    ]);
    expect(weekLines(on([0, 2, 5, 6], ["09:00", "17:00"]), "en")).toEqual([
      { days: "Mon, Wed, Sat, Sun", hours: "09:00–17:00" },
      { days: "Tue, Thu, Fri", hours: "closed" },
    ]);
    expect(weekLines(on([0, 1, 2, 3, 4, 5, 6], ["00:00", "24:00"]), "zh")).toEqual([{ days: "每天", hours: "00:00–24:00" }]);
  });

  it("takes the times of one day for others, and keeps that day itself", () => {
    const copied = copyDay(office, 5, [5, 6, 0]);
    expect(weekLines(copied, "zh").map((each) => each.days)).toEqual(["周一、周六、周日", "周二至周五"]);
    expect(weekLines(copyDay(office, 6, [0, 1, 2, 3, 4, 5]), "zh")).toEqual([{ days: "每天", hours: "休息" }]);
  });

  it("goes on after a break, until the day is full", () => {
    expect(nextSpan([], 6)).toEqual({ day: 6, start: "09:00", end: "18:00" });
    expect(nextSpan(on([0], ["09:00", "12:00"]), 0)).toEqual({ day: 0, start: "13:00", end: "18:00" });
    expect(nextSpan(on([0], ["09:00", "22:30"]), 0)).toEqual({ day: 0, start: "23:00", end: "24:00" });
    expect(nextSpan(on([0], ["09:00", "24:00"]), 0)).toBeNull();
    expect(nextSpan(on([0], ["09:00", "x"]), 0)).toBeNull();
  });

  it("has holidays in rows", () => {
    expect(dayAfter({ date: "2026-12-31", zh: "元旦", en: "New Year", start: "", end: "" }).date).toBe("2027-01-01");
  });
});

describe("a moment", () => {
  const zone = "Asia/Shanghai";
  const now = ms("2026-11-27T12:00:00Z");

  it("is told in the zone of the office, by the day that people would say", () => {
    expect(whenIs(ms("2026-11-27T12:30:00Z"), now, zone, "zh")).toBe("今天 20:30");
    expect(whenIs(ms("2026-11-28T01:00:00Z"), now, zone, "en")).toBe("tomorrow at 09:00");
    expect(whenIs(ms("2026-11-30T01:00:00Z"), now, zone, "zh")).toBe("11月30日 周一 09:00");
    expect(whenIs(ms("2026-11-30T01:00:00Z"), now, zone, "zh", true)).toBe("周一 09:00");
    expect(whenIs(ms("2026-12-07T01:00:00Z"), now, zone, "en", true)).toBe("Mon, 7 Dec at 09:00");
  });

  it("at which a day ends belongs to that day", () => {
    expect(whenEnds(ms("2026-11-27T16:00:00Z"), now, zone, "zh")).toBe("今天 24:00");
    expect(whenEnds(ms("2026-11-27T14:00:00Z"), now, zone, "zh")).toBe("今天 22:00");
  });

  it("shows the same on clocks of zones that agree", () => {
    expect([sameClock(now, zone, "Asia/Singapore"), sameClock(now, zone, "Asia/Tokyo")]).toEqual([true, false]);
  });
});
