// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DraftBar } from "@/features/admin/DraftBar";
import { HoursSection } from "@/features/admin/HoursSection";
import { QueuesSection } from "@/features/admin/QueuesSection";
import { startFrom, showWrong, useDraft } from "@/lib/admin/draft";
import type { AdminConfig, ConfigCalendar, ConfigData } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

const plain = { policy: {}, priority: 5, calendar: "", closed: "message", overflow_to: "", overflow_after_s: 0, sealed: false };
const office: ConfigCalendar = {
  id: "office", zh: "工作日", en: "Weekdays", zone: "Asia/Shanghai",
  week: [0, 1, 2, 3, 4].map((day) => ({ day, start: "09:00", end: "18:00" })),
  holidays: [{ date: "2026-12-31", zh: "除夕", en: "New Year's Eve", start: "", end: "" }],
};
const data: ConfigData = {
  numbers: [], monitoring_notice: "all", blocked: [], calendars: [office], company: { zh: "云杉", en: "Spruce" },
  queues: [{ ...plain, id: "broadband", zh: "宽带", en: "Broadband", calendar: "office" }, { ...plain, id: "billing", zh: "账务", en: "Billing" }],
  matters: [], reasons: [], wrap_up_codes: [], skills: [],
};
const base: AdminConfig = {
  publication: { version: 3, at: 0, who: "Adam", note: "", restored: 0 }, config: data,
  defaults: { steps: [{ after_s: 0, need: { all: [] }, lang: 1, subject: 1, matter_need: true }], weights: {}, ageing_s: 60, prior_contacts: 20, prior_percent: 70, messages: 3 },
  features: [], bounds: { steps: 3, after_s: 3600, weight: 100, ageing_s: 3600, prior_contacts: 1000, messages: 10, level: 5 },
};

function Office({ section, role = "admin" }: { section: "hours" | "queues"; role?: string }) {
  const [cache] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } }));
  cache.setQueryData(["session"], { id: "p1", name: "Adam", role, lang: "en" });
  const config = useDraft((draft) => draft.config) ?? data;
  return (
    <QueryClientProvider client={cache}>
      <MemoryRouter>
        <DraftBar base={base} />
        {section === "hours" ? <HoursSection config={config} /> : <QueuesSection config={config} base={base} />}
        <Path />
      </MemoryRouter>
    </QueryClientProvider>
  );
}

const Path = () => <span data-testid="path">{useLocation().pathname}</span>;

const drafted = () => useDraft.getState().config?.calendars[0];
const type = (label: string, text: string) => {
  const field = screen.getByLabelText(label);
  fireEvent.change(field, { target: { value: text } });
  fireEvent.blur(field);
};
const unpublished = () => screen.getByRole("status").textContent;

beforeEach(() => {
  setPrefs({ lang: "en" });
  vi.useFakeTimers({ now: Date.parse("2026-11-27T12:00:00Z"), toFake: ["Date"] });
  startFrom(base);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the hours of the office", () => {
  it("say of each calendar whether it is open now, when that changes, and who goes by it", () => {
    render(<Office section="hours" />);
    expect(screen.getAllByText("Closed, opens Mon, 30 Nov at 09:00")).toHaveLength(2);
    expect(screen.getByText("Used by Broadband")).toBeTruthy();
    expect(screen.getByText("20:00 there now")).toBeTruthy();
  });

  it("say so in the words chosen, and what the draft would change", () => {
    setPrefs({ lang: "zh" });
    render(<Office section="hours" />);
    type("周五第 1 段结束", "21");
    expect(screen.getAllByText("服务中，到今天 21:00")).toHaveLength(2);
  });

  it("take times as people type them, and count one change a day", () => {
    render(<Office section="hours" />);
    type("Mon, time 1: end", "12");
    fireEvent.click(screen.getByLabelText("Add a time to Mon"));
    expect(drafted()?.week.filter((each) => each.day === 0)).toEqual([{ day: 0, start: "09:00", end: "12:00" }, { day: 0, start: "13:00", end: "18:00" }]);
    expect(unpublished()).toBe("1 change not published");
  });

  it("put what is wrong beside its time, and forget it when it is corrected", () => {
    render(<Office section="hours" />);
    type("Tue, time 1: end", "8:30");
    expect(screen.getByLabelText("Tue, time 1: end").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByText("later than 09:00")).toBeTruthy();
    expect(screen.getAllByText("Correct what is marked first")).toHaveLength(2);
    type("Tue, time 1: end", "17");
    expect(screen.queryByText("later than 09:00")).toBeNull();
  });

  it("mark times that overlap, a zone nobody knows, and a day that is there twice", () => {
    render(<Office section="hours" />);
    fireEvent.click(screen.getByLabelText("Add a time to Wed"));
    type("Wed, time 2: start", "1730");
    expect(screen.getByText("18:00 or later: it is open until then")).toBeTruthy();
    type("Time zone", "Mars/Base");
    expect(screen.getByText("a zone such as Asia/Shanghai")).toBeTruthy();
    fireEvent.click(screen.getByText("＋ Add a day"));
    type("Special day 2: Date", "2026-12-31");
    expect(screen.getByText(/a date of its own/)).toBeTruthy();
  });

  it("put what the server refuses beside the same field", () => {
    render(<Office section="hours" />);
    showWrong("config.calendars.0.week.4.start", { zh: "时间", en: "a time such as 09:00" });
    cleanup();
    render(<Office section="hours" />);
    expect(screen.getByLabelText("Fri, time 1: start").getAttribute("aria-invalid")).toBe("true");
  });

  it("can be copied from a day to all working days, to every day, or to one", () => {
    render(<Office section="hours" />);
    type("Mon, time 1: end", "16");
    const copy = (item: string) => {
      fireEvent.click(screen.getByRole("button", { name: "Copy the times of Mon: Copy to…" }));
      fireEvent.click(screen.getByRole("menuitem", { name: item }));
    };
    copy("Sun");
    expect(drafted()?.week.filter((each) => each.end === "16:00").map((each) => each.day)).toEqual([0, 6]);
    copy("Mon to Fri");
    expect(drafted()?.week.map((each) => each.end)).toEqual(["16:00", "16:00", "16:00", "16:00", "16:00", "16:00"]);
    copy("Every day");
    expect(new Set(drafted()?.week.map((each) => each.day)).size).toBe(7);
  });

  it("close a day whose last time is taken away", () => {
    render(<Office section="hours" />);
    fireEvent.click(screen.getByLabelText("Remove time 1 of Fri"));
    expect(within(screen.getByRole("group", { name: "Fri" })).getByText("closed")).toBeTruthy();
  });

  it("know special days: closed, with times of their own, and the next day the same", () => {
    render(<Office section="hours" />);
    fireEvent.click(screen.getByLabelText("Special day 1: And the next day"));
    fireEvent.change(screen.getByLabelText("Special day 1: On that day"), { target: { value: "1" } });
    type("Special day 1: End", "12");
    expect(drafted()?.holidays.map(({ date, start, end }) => [date, start, end])).toEqual([["2026-12-31", "09:00", "12:00"], ["2027-01-01", "", ""]]);
    fireEvent.click(screen.getByLabelText("Special day 1: Remove"));
    expect(drafted()?.holidays.map((each) => each.date)).toEqual(["2027-01-01"]);
  });

  it("keep a calendar that a queue goes by, and let another go", () => {
    render(<Office section="hours" />);
    expect(screen.getByText("Remove").closest("button")?.disabled).toBe(true);
    fireEvent.click(screen.getByText("＋ Add calendar"));
    expect(screen.getByText("No queue goes by it")).toBeTruthy();
    fireEvent.click(screen.getByText("Remove"));
    expect(useDraft.getState().config?.calendars).toHaveLength(1);
  });

  it("take their queues along when a new calendar gets another id", () => {
    render(<Office section="hours" />);
    fireEvent.click(screen.getByText("＋ Add calendar"));
    cleanup();
    render(<Office section="queues" />);
    fireEvent.change(screen.getByLabelText("Opening times", { selector: "select" }), { target: { value: "calendar_2" } });
    cleanup();
    render(<Office section="hours" />);
    fireEvent.change(screen.getByLabelText("Id"), { target: { value: "nights" } });
    expect(useDraft.getState().config?.queues[0]?.calendar).toBe("nights");
  });

  it("show a supervisor everything and let him change nothing", () => {
    render(<Office section="hours" role="supervisor" />);
    expect(screen.getByLabelText("Mon, time 1: start").matches(":disabled")).toBe(true);
    expect(screen.queryByText(/Add calendar/)).toBeNull();
  });
});

describe("a refusal before publishing", () => {
  it("names the calendar as people do, and leads to it", async () => {
    vi.stubGlobal("fetch", () => {
      const refusal = { code: "field_invalid", field: "config.calendars.0.week.0.end", expected: { zh: "晚于", en: "later than 09:00" }, message: { zh: "无效", en: "Not valid" } };
      return Promise.resolve(new Response(JSON.stringify(refusal), { status: 422, headers: { "content-type": "application/json" } }));
    });
    render(<Office section="hours" />);
    type("Mon, time 1: end", "8");
    fireEvent.click(screen.getByText("Review and publish"));
    await screen.findByText("Calendar Weekdays: expected later than 09:00");
    fireEvent.click(screen.getByText("Go there"));
    expect(screen.getByTestId("path").textContent).toBe("/admin/hours");
  });
});

describe("a queue", () => {
  it("chooses its calendar and what it offers while closed; without one it is always open", () => {
    render(<Office section="queues" />);
    expect(screen.getByText("Closed, opens Mon, 30 Nov at 09:00")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("While closed", { selector: "select" }), { target: { value: "voicemail" } });
    expect(useDraft.getState().config?.queues[0]?.closed).toBe("voicemail");
    expect(unpublished()).toBe("1 change not published");
    fireEvent.change(screen.getByLabelText("Opening times", { selector: "select" }), { target: { value: "" } });
    expect(screen.getByLabelText("While closed", { selector: "select" }).matches(":disabled")).toBe(true);
    expect(screen.queryByText(/opens Mon/)).toBeNull();
  });

  it("may pass on who waits too long, after two minutes unless said otherwise", () => {
    render(<Office section="queues" />);
    fireEvent.change(screen.getByLabelText("Who waits too long goes to", { selector: "select" }), { target: { value: "billing" } });
    const queue = useDraft.getState().config?.queues[0];
    expect([queue?.overflow_to, queue?.overflow_after_s]).toEqual(["billing", 120]);
    fireEvent.change(screen.getByLabelText("After (s)", { selector: "input[aria-label='After (s)']" }), { target: { value: "300" } });
    expect(useDraft.getState().config?.queues[0]?.overflow_after_s).toBe(300);
  });
});
