// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CallerPage } from "@/features/caller/CallerPage";
import { FRESH, useVisit } from "@/features/caller/visit";
import type { PublicMatters } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const week = [0, 1, 2, 3, 4].flatMap((day) => [{ day, start: "09:00", end: "12:00" }, { day, start: "13:30", end: "18:00" }]);
const office: PublicMatters["hours"][number] = {
  id: "office", zone: "Asia/Shanghai", open: false, changes_at: Date.parse("2026-11-30T01:00:00Z"), week,
  days: [{ date: "2026-12-01", zh: "盘点", en: "Stock-taking", start: "09:00", end: "12:00" }, { date: "2026-12-02", zh: "元旦", en: "New Year", start: "", end: "" }],
};
const matter = { zh: "账单", en: "Bills", hint: { zh: "扣费", en: "Charges" }, wait_seconds: 60, callback: false, line: "", sealed: false };
const offer = (hours: Partial<typeof office> = {}, bills: Partial<PublicMatters["matters"][number]> = {}): PublicMatters => ({
  now: NOW, company: { zh: "云杉", en: "Spruce" }, hours: [{ ...office, ...hours }],
  matters: [{ ...matter, id: "billing", hours: "office", ...bills }, { ...matter, id: "outage", zh: "断线", en: "No internet", hours: "" }],
});

/** What the API tells, each time the next; the last one again and again. */
function told(...offers: PublicMatters[]) {
  vi.stubGlobal("fetch", (request: Request) => {
    const closed = { code: "closed_now", message: { zh: "已下班", en: "We have just closed." } };
    const asks = new URL(request.url).pathname === "/api/public/matters";
    const body = asks ? (offers.length > 1 ? offers.shift() : offers[0]) : closed;
    return Promise.resolve(new Response(JSON.stringify(body), { status: asks ? 200 : 409, headers: { "content-type": "application/json" } }));
  });
  render(<CallerPage />);
}

beforeEach(() => {
  setPrefs({ lang: "en" });
  useVisit.setState(FRESH);
  vi.stubEnv("TZ", "Europe/London");
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe("a visitor, before asking", () => {
  it("sees that nobody is there, when somebody will be, and the whole week", async () => {
    told(offer());
    await screen.findByText("Closed, opens Mon, 30 Nov at 09:00");
    expect(screen.getByText("from Mon 09:00")).toBeTruthy();
    expect(screen.getByText("Mon to Fri").closest("div")?.textContent).toBe("Mon to Fri09:00–12:00, 13:30–18:00");
    expect(screen.getByText("1 Dec Tue").closest("div")?.textContent).toBe("1 Dec Tue09:00–12:00Stock-taking");
    expect(screen.getByText("2 Dec Wed").closest("div")?.textContent).toBe("2 Dec WedclosedNew Year");
    expect(screen.getByText(/Times are those of Asia\/Shanghai/)).toBeTruthy();
  });

  it("cannot call a closed matter, and is asked to come back", async () => {
    told(offer());
    await screen.findByText(/Please come back when we are open/);
    expect(screen.queryByText("Call free over the internet")).toBeNull();
    expect(screen.queryByText("Call me back")).toBeNull();
  });

  it("may leave a number that is called at opening, where the queue offers it", async () => {
    told(offer({}, { callback: true }));
    fireEvent.click(await screen.findByText("Call me when you open"));
    expect(screen.getByText(/We call this number once we open Mon, 30 Nov at 09:00/)).toBeTruthy();
  });

  it("is given the number for a message, where the queue takes messages", async () => {
    told(offer({}, { line: "+862150008000" }));
    const link = await screen.findByText("Leave a message by phone");
    expect(link.closest("a")?.getAttribute("href")).toBe("tel:+862150008000");
  });

  it("can choose another matter that is served, and call at once", async () => {
    told(offer());
    await screen.findByText(/Please come back/);
    fireEvent.click(screen.getByRole("radio", { name: /No internet/ }));
    expect(screen.getByText("Call free over the internet")).toBeTruthy();
    expect(screen.queryByText(/Closed, opens/)).toBeNull();
  });

  it("sees until when somebody is there, with the week folded away", async () => {
    told(offer({ open: true, changes_at: Date.parse("2026-11-27T16:00:00Z") }));
    const line = await screen.findByText("Open until today at 24:00");
    expect(line.closest("details")?.open).toBe(false);
    expect(screen.getAllByText("About 1 min")).toHaveLength(2);
  });

  it("reads it in Chinese", async () => {
    setPrefs({ lang: "zh" });
    told(offer({ changes_at: Date.parse("2026-11-28T01:00:00Z") }, { callback: true }));
    await screen.findByText("休息中，明天 09:00 开始服务");
    expect(screen.getByText("明天 09:00 起")).toBeTruthy();
    expect(screen.getByText("上班后给我回电")).toBeTruthy();
  });

  it("who called in the very moment of closing is told, and sees the hours anew", async () => {
    told(offer({ open: true, changes_at: NOW + 1_000 }), offer());
    fireEvent.click(await screen.findByText("Call free over the internet"));
    await screen.findByText("We have just closed.");
    await screen.findByText("Closed, opens Mon, 30 Nov at 09:00");
  });
});
