// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NumbersSection } from "@/features/admin/NumbersSection";
import { edit, startFrom, useDraft } from "@/lib/admin/draft";
import type { AdminConfig, ConfigData } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

const [ANN, BEN] = ["a1b2c3".padEnd(64, "0"), "d4e5f6".padEnd(64, "0")] as [string, string];
const data: ConfigData = {
  monitoring_notice: "all", calendars: [], blocked: [ANN], company: { zh: "云杉", en: "Spruce" },
  numbers: [{ number: "+862150008000", zh: "总机", en: "Switchboard", lang: "", queue: "" }],
  queues: [{ policy: {}, priority: 5, calendar: "", closed: "message", overflow_to: "", overflow_after_s: 0, sealed: false, id: "billing", zh: "账务", en: "Billing" }],
  matters: [], reasons: [], wrap_up_codes: [], skills: [],
};
const inForce = (version: number, blocked: string[]): AdminConfig => ({ publication: { version, at: 0, who: "Adam", note: "", restored: 0 }, config: { ...data, blocked }, defaults: {}, features: [], bounds: {} });

function Office({ role = "admin" }: { role?: string }) {
  const [cache] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } }));
  cache.setQueryData(["session"], { id: "p1", name: "Adam", role, lang: "en" });
  const { base, config } = useDraft();
  return <QueryClientProvider client={cache}>{base && config && <NumbersSection config={config} base={base} />}</QueryClientProvider>;
}

/** A server that answers the orders in turn, and remembers them. */
function server(...answers: [status: number, body: unknown][]): Record<string, unknown>[] {
  const asked: Record<string, unknown>[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push((await request.json()) as Record<string, unknown>);
    const [status, body] = answers.shift() ?? [500, {}];
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
  return asked;
}

const order = (button: "Refuse" | "Take again", number = "13812348001") => {
  fireEvent.change(screen.getByLabelText("The caller's number"), { target: { value: number } });
  fireEvent.click(screen.getByText(button));
};
const codes = () => within(screen.getByRole("list", { name: /Refused callers/ })).queryAllByRole("listitem").map((each) => each.textContent);

beforeEach(() => {
  setPrefs({ lang: "en" });
  startFrom(inForce(3, [ANN]));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the company's numbers", () => {
  it("preset a language and lead to a queue", () => {
    render(<Office />);
    fireEvent.change(screen.getByLabelText("Greeting", { selector: "select" }), { target: { value: "zh" } });
    fireEvent.change(screen.getByLabelText("Leads to", { selector: "select" }), { target: { value: "billing" } });
    expect(useDraft.getState().config?.numbers).toEqual([{ number: "+862150008000", zh: "总机", en: "Switchboard", lang: "zh", queue: "billing" }]);
  });

  it("are international ones, each once; spaces that were typed do not count", () => {
    render(<Office />);
    fireEvent.click(screen.getByText("＋ Add number"));
    const [, second] = screen.getAllByLabelText("Number");
    if (!second) throw new Error("no second number");
    expect(second.getAttribute("aria-invalid")).toBe("false");
    fireEvent.change(second, { target: { value: "021 5000 8000" } });
    expect(screen.getByText(/an international number of its own/)).toBeTruthy();
    fireEvent.change(second, { target: { value: "+86 21 5000-8000" } });
    expect(screen.getByText(/an international number of its own/)).toBeTruthy();
    fireEvent.change(second, { target: { value: "+86 21 5000-8001" } });
    expect(screen.queryByText(/an international number of its own/)).toBeNull();
    fireEvent.click(screen.getByLabelText("Remove +862150008001"));
    expect(useDraft.getState().config?.numbers).toHaveLength(1);
  });
});

describe("refused callers", () => {
  it("are a count and short codes, nothing of a number", () => {
    render(<Office />);
    expect(screen.getByText("1 of at most 500")).toBeTruthy();
    expect(codes()).toEqual(["#a1b2c3"]);
  });

  it("grow by a number that is typed and not kept on the page", async () => {
    const asked = server([201, inForce(4, [ANN, BEN])]);
    render(<Office />);
    order("Refuse");
    await screen.findByText("#d4e5f6 is on the list, in force within 30 s");
    expect(asked).toEqual([{ number: "13812348001", what: "block", note: "", version: 3 }]);
    expect(codes()).toEqual(["#a1b2c3", "#d4e5f6"]);
    expect(screen.getByLabelText<HTMLInputElement>("The caller's number").value).toBe("");
  });

  it("are taken again by typing the number, and one who is not on the list is told of", async () => {
    server([201, inForce(4, [])], [201, inForce(4, [])]);
    render(<Office />);
    order("Take again");
    await screen.findByText("#a1b2c3 is off the list, in force within 30 s");
    expect(screen.getByText("Nobody is refused")).toBeTruthy();
    order("Take again");
    await screen.findByText("This number is not on the list");
  });

  it("leave the draft as it was typed, on top of the new version", async () => {
    server([201, inForce(4, [ANN, BEN])]);
    render(<Office />);
    edit({ company: { zh: "雪松", en: "Cedar" } });
    order("Refuse");
    await screen.findByText(/is on the list/);
    const { base, config } = useDraft.getState();
    expect([base?.publication.version, config?.company.en, config?.blocked]).toEqual([4, "Cedar", [ANN, BEN]]);
  });

  it("are refused whatever somebody else published meanwhile", async () => {
    const stale = { code: "stale_version", message: { zh: "已更改", en: "Changed" }, published: inForce(5, []).publication };
    const asked = server([409, stale], [201, inForce(6, [ANN, BEN])]);
    render(<Office />);
    order("Refuse");
    await screen.findByText(/is on the list/);
    expect(asked.map((each) => each["version"])).toEqual([3, 5]);
  });

  it("say beside the field when what was typed is no number", async () => {
    server([422, { code: "field_invalid", field: "number", message: { zh: "无效", en: "Not valid" } }]);
    render(<Office />);
    order("Refuse", "nobody");
    await screen.findByText("This is no complete telephone number");
    expect(screen.getByLabelText("The caller's number").getAttribute("aria-invalid")).toBe("true");
  });

  it("are shown to a supervisor, who can refuse nobody", () => {
    render(<Office role="supervisor" />);
    expect(codes()).toEqual(["#a1b2c3"]);
    expect(screen.queryByText("Refuse")).toBeNull();
  });
});
