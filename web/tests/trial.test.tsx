// @vitest-environment jsdom
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { TrialResultView } from "@/features/admin/TrialResultView";
import { changed, shown } from "@/lib/admin/trial";
import type { AdminConfig, TrialDetail, TrialNumbers } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

const numbers: TrialNumbers = {
  offered: 520, answered: 470, abandoned: 50, overflowed: 0, waiting: 0, service_level: 6620, asa_ms: 25_500, mean_wait_ms: 31_200, longest_wait_ms: 324_600, abandonment: 960,
  agents: 6, occupancy: 4600, jain: 9180, hard: 0, hard_to_experienced: null,
};
const after = { ...numbers, service_level: 7100, asa_ms: 27_000 };
const queue = { offered: 96, answered: 80, abandoned: 16, overflowed: 0, waiting: 0, service_level: 4000, asa_ms: 39_800, mean_wait_ms: 41_000, longest_wait_ms: 1, abandonment: 1770 };
const base = { config: { queues: [{ id: "broadband", zh: "宽带", en: "Broadband", policy: {}, priority: 5 }] } } as unknown as AdminConfig;
const trial: TrialDetail["trial"] = { id: "t1", day: "2026-11-27", state: "done", asked_at: 0, done_at: 1, who: "Adam", against: 3, candidate: null, better: 1, worse: 1 };
const done: TrialDetail = {
  trial,
  result: {
    calls: 520, agents: 6, answer_ms: 3000, patience: { left: 31, answered: 489, mean_ms: 1 },
    against: { total: numbers, queues: { broadband: queue } }, candidate: { total: after, queues: { broadband: { ...queue, service_level: 4500 } } },
    fair_from: 9000, verdict: { service_level: "better", asa_ms: "worse", abandonment: "equal" },
  },
};

setPrefs({ lang: "en" });
afterEach(cleanup);

describe("numbers of a trial", () => {
  it("are written as people read them", () => {
    expect([shown("service_level", 6620, "en"), shown("asa_ms", 25_500, "zh"), shown("jain", 9180, "en"), shown("offered", 7, "en"), shown("jain", null, "en")]).toEqual(["66.2 %", "25.5 秒", "0.918", "7", "—"]);
  });

  it("change by points, seconds and counts, with a sign; what cannot be seen is nought", () => {
    expect([changed("service_level", 6620, 7100, "en"), changed("asa_ms", 25_500, 24_000, "en"), changed("offered", 3, 3, "en"), changed("occupancy", 4600, 4601, "zh"), changed("jain", null, 1, "en")]).toEqual(["+4.8 pp", "\u22121.5 s", "0", "0", "—"]);
  });
});

describe("a trial", () => {
  it("says in words and in a table what is better and what is worse", () => {
    render(<TrialResultView detail={done} base={base} />);
    expect(screen.getByText("1 better, 1 worse.")).toBeTruthy();
    const [totals, queues] = screen.getAllByRole("table");
    if (!totals || !queues) throw new Error("no tables");
    const row = (name: string) => within(totals).getByText(name).closest("tr")?.textContent;
    expect(row("Service level")).toBe("Service level66.2 %71.0 %+4.8 ppbetter");
    expect(row("Average speed of answer")).toBe("Average speed of answer25.5 s27.0 s+1.5 sworse");
    expect(row("Occupancy")).toBe("Occupancy46.0 %46.0 %0");
    expect(within(totals).queryByText("Hard ones to the experienced")).toBeNull();
    expect(within(queues).getByText("40.0 % → 45.0 %")).toBeTruthy();
    expect(screen.getByText(/^Fair: the index is not below 0.900/)).toBeTruthy();
    expect(screen.getByText(/31 left and 489 were answered/)).toBeTruthy();
  });

  it("warns where the work would be shared unfairly", () => {
    const result = done.result && { ...done.result, fair_from: 9400 };
    render(<TrialResultView detail={{ ...done, result }} base={base} />);
    expect(screen.getByText(/^Unfair: the index is below 0.940/)).toBeTruthy();
  });

  it.each([
    ["no_calls", "No calls on that day"],
    ["failed", "Did not finish"],
    ["running", "Running"],
  ] as const)("that is %s says so", (state, words) => {
    render(<TrialResultView detail={{ trial: { ...trial, state }, result: null }} base={base} />);
    expect(screen.getByText(words)).toBeTruthy();
  });
});
