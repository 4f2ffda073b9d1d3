import { describe, expect, it } from "vitest";
import { readDate, showDate } from "@/lib/dates";
import { clockTime, decibels, duration, secondsLeft, shortDate, shortId, toE164, waitMinutes } from "@/lib/format";

describe("times and numbers", () => {
  it("writes a duration as minutes and seconds, with hours only when there are any", () => {
    expect([0, 207_000, 3_599_999, 3_600_000, -5].map(duration)).toEqual(["00:00", "03:27", "59:59", "1:00:00", "00:00"]);
  });

  it("begins a ring of fifteen seconds at 15 and ends at 0", () => {
    expect([secondsLeft(115_000, 100_000), secondsLeft(115_400, 100_000), secondsLeft(115_000, 115_000), secondsLeft(115_000, 120_000)]).toEqual([15, 15, 0, 0]);
  });

  it("shows the hour for today and the day for before", () => {
    const now = new Date(2026, 10, 21, 10, 3, 44).getTime();
    expect(clockTime(now)).toBe("10:03:44");
    expect(shortDate(now - 60_000, now)).toBe("10:02");
    expect(shortDate(new Date(2026, 9, 2).getTime(), now)).toBe("10-02");
  });

  it("rounds a wait to minutes and never says none while there is one", () => {
    expect([0, 20, 90, 180].map(waitMinutes)).toEqual([0, 1, 2, 3]);
  });

  it("writes decibels with a real minus sign", () => {
    expect(decibels(-18)).toBe("−18");
  });

  it("gives ids that can be read aloud", () => {
    expect(shortId("0190-abcdef-12345f")).toBe("12345F");
  });
});

describe("phone numbers", () => {
  it.each([
    ["138 0013 8000", "+8613800138000"],
    ["+44 20 7946-0000", "+442079460000"],
    ["12345", null],
    ["+0123456789", null],
    ["call me", null],
  ])("reads %s as %s", (typed, expected) => {
    expect(toE164(typed)).toBe(expected);
  });
});

describe("dates of a form", () => {
  it("keeps what was written with the zone, and shows it again as it was written", () => {
    const kept = readDate("2026-11-20 20:30", true);
    expect(kept).toMatch(/^2026-11-20T20:30:00[+-]\d\d:\d\d$/);
    expect(showDate(kept ?? "", true)).toBe("2026-11-20 20:30");
  });

  it.each(["2026-02-30 10:00", "yesterday", "2026-11-20 25:00", ""])("refuses %s", (written) => {
    expect(readDate(written, true)).toBeNull();
  });

  it("keeps a plain day without a zone", () => {
    expect(readDate("2026-1-5", false)).toBe("2026-01-05");
  });
});
