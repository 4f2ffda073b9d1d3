// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { callActs } from "@/features/call-bar/callActs";
import { ConsultStrip } from "@/features/consult/ConsultStrip";
import { AfterStrip } from "@/features/consult/AfterStrip";
import { IncomingStrip } from "@/features/incoming/IncomingStrip";
import { GivePanel } from "@/features/transfer/GivePanel";
import { WrapUpStrip } from "@/features/wrap-up/WrapUpStrip";
import { setDesk, useDesk } from "@/hooks/useDesk";
import type { Command } from "@/hooks/useFloor";
import type { Consult, Contact, Snapshot, WorkspaceConfig } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

const now = Date.now();
const contact = (change: Partial<Contact> = {}): Contact => ({
  id: "c1", state: "connected", channel: "phone", matter: "outage", queue: "broadband", lang: "zh", caller: "138****8001", queued_at: now - 60_000, connected_at: now - 42_000,
  ended_at: null, ended_by: null, given_by: null, wrap_up_ends_at: null, unrecorded_until: null, version: 4, ticket: null, edge: "edge-a", sealed: false, ...change,
});
const beside = (state: Consult["state"], mine = true): Consult => ({ state, mine, other: { id: "bo", name: "周宁" }, until: state === "asked" ? now + 12_000 : null });
const floor = (consult: Consult | null, change: Partial<Contact> = {}): Snapshot => ({
  now,
  agent: { id: "a", login: "1001", name: "", state: "on_contact", reason: null, since: 0, version: 7, queues: [], calls_today: 0, sound: { by: "headset", shown: "" } },
  offer: null, contact: contact(change), consult, waiting: 0, phone: null, watchers: [],
});
const codes = (...ids: string[]) => ids.map((id) => ({ id, zh: `码 ${id}`, en: id }));
const config: WorkspaceConfig = {
  company: { zh: "", en: "" }, matters: [{ id: "outage", zh: "宽带断线", en: "Broadband is down", queue: "broadband" }],
  queues: [{ id: "billing", zh: "账务", en: "Billing" }], reasons: [], wrap_up_codes: codes("resolved", "transferred"), ticket_schema: {},
};
const targets = {
  queues: [
    { id: "broadband", zh: "宽带", en: "Broadband", waiting: 3, free: 0, wait_seconds: 240 },
    { id: "billing", zh: "账务", en: "Billing", waiting: 0, free: 1, wait_seconds: 0 },
  ],
  agents: [{ id: "bo", name: "周宁", idle_since: now - 60_000, queue: "billing" }],
};

/** The API as this page meets it: what was asked, and the answer to each path. */
let asked: { path: string; body: unknown }[];
let answers: Record<string, () => Response>;
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

beforeEach(() => {
  asked = [];
  answers = { targets: () => json(targets) };
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    asked.push({ path, body: request.method === "POST" ? ((await request.text()) || null) : null });
    return (answers[path.split("/").at(-1) ?? ""] ?? (() => json(floor(null))))();
  });
});
afterEach(() => {
  cleanup();
  setDesk({ giving: null });
  setPrefs({ lang: "zh" });
  vi.unstubAllGlobals();
});

function Desk({ children }: { children: ReactNode }) {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  cache.setQueryData(["config"], config);
  return <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
}
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focused = () => document.activeElement?.getAttribute("aria-label");
const bodies = (end: string) => asked.filter((each) => each.path.endsWith(end)).map((each) => JSON.parse(String(each.body)) as unknown);

async function panel(giving: "transfer" | "conference" = "transfer") {
  setDesk({ giving });
  const shown = render(<><textarea aria-label="备注" /></>, { wrapper: Desk });
  screen.getByLabelText("备注").focus();
  shown.rerender(<><textarea aria-label="备注" /><GivePanel contact={contact()} giving={giving} /></>);
  await screen.findByText("周宁");
  return shown;
}

describe("choosing where a call goes on", () => {
  it("begins in the search box, and gives the focus back to the note", async () => {
    const { rerender } = await panel();
    expect(document.activeElement?.getAttribute("type")).toBe("search");
    press("Escape");
    expect(useDesk.getState().giving).toBeNull();
    rerender(<textarea aria-label="备注" />);
    expect(document.activeElement).toBe(screen.getByLabelText("备注"));
  });

  it("says of each queue who waits, who is free and how long it takes", async () => {
    await panel();
    expect(screen.queryByText("3 人在等・没有空闲坐席・预计等 4 分钟")).not.toBeNull();
    expect(screen.queryByText("没有人在等・1 名坐席空闲・预计无需等待")).not.toBeNull();
  });

  it("is walked with the arrow keys, rows up and down, choices left and right", async () => {
    await panel();
    const way = ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"].map((key) => (press(key), focused()));
    expect(way).toEqual(["转到队列 宽带", "转到队列 账务", "先咨询 周宁", "直接转 周宁", "转到队列 账务"]);
  });

  it("does nothing by the first Enter in the box but show what the next one does", async () => {
    await panel();
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "账务" } });
    press("Enter");
    expect([focused(), bodies("transfer")]).toEqual(["转到队列 账务", []]);
  });

  it("leaves Enter to the input method that is composing", async () => {
    await panel();
    fireEvent.keyDown(screen.getByRole("searchbox"), { key: "Enter", isComposing: true });
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
  });

  it("gives the call to a queue, and closes", async () => {
    await panel();
    fireEvent.click(screen.getByRole("button", { name: "转到队列 账务" }));
    await waitFor(() => expect(useDesk.getState().giving).toBeNull());
    expect(bodies("transfer")).toEqual([{ queue: "billing", agent: null }]);
  });

  it("gives the call to a colleague by name, or asks him first", async () => {
    await panel();
    fireEvent.click(screen.getByRole("button", { name: "直接转 周宁" }));
    await waitFor(() => expect(bodies("transfer")).toEqual([{ queue: "billing", agent: "bo" }]));
    await waitFor(() => expect(screen.getByRole("button", { name: "先咨询 周宁" }).hasAttribute("disabled")).toBe(false));
    fireEvent.click(screen.getByRole("button", { name: "先咨询 周宁" }));
    await waitFor(() => expect(bodies("consult")).toEqual([{ agent: "bo" }]));
  });

  it("tells in place that a colleague is not free any more, and looks again", async () => {
    await panel();
    const looks = asked.filter((each) => each.path.endsWith("targets")).length;
    answers["consult"] = () => json({ code: "agent_not_free", message: { zh: "该坐席当前无法接听，请另选一位。", en: "This agent cannot answer now; choose another." } }, 409);
    fireEvent.click(screen.getByRole("button", { name: "先咨询 周宁" }));
    expect((await screen.findByRole("alert")).textContent).toContain("该坐席当前无法接听");
    await waitFor(() => expect(asked.filter((each) => each.path.endsWith("targets")).length).toBeGreaterThan(looks));
    expect(useDesk.getState().giving).toBe("transfer");
  });

  it("says plainly that nobody is free, and that nothing fits", async () => {
    answers["targets"] = () => json({ ...targets, agents: [] });
    render(<GivePanel contact={contact()} giving="transfer" />, { wrapper: Desk });
    expect(await screen.findByText("现在没有空闲的同事，可以转到队列")).not.toBeNull();
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "xyz" } });
    expect(screen.getAllByText("没有找到符合的名字")).toHaveLength(2);
  });

  it("offers colleagues only where one is asked into the call", async () => {
    await panel("conference");
    expect(screen.queryByRole("button", { name: /转到队列|直接转/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "先咨询 周宁" })).not.toBeNull();
  });
});

describe("what a call allows", () => {
  const allowed = (consult: Consult | null, change: Partial<Contact> = {}) => Object.keys(callActs(floor(consult, change), () => undefined)).sort();

  it.each([
    ["while it connects", null, { state: "connecting" }, ["hangup", "mute"]],
    ["while they talk", null, {}, ["conference", "hangup", "hold", "mute", "transfer"]],
    ["on hold", null, { state: "held" }, ["conference", "hangup", "hold", "mute", "transfer"]],
    ["while a colleague is rung: no hang-up by mistake", beside("asked"), { state: "held" }, ["cancel", "mute"]],
    ["while two talk apart", beside("talking"), { state: "held" }, ["cancel", "complete", "conference", "mute"]],
    ["in a conference", beside("conference"), {}, ["cancel", "complete", "hangup", "hold", "mute"]],
    ["to the colleague apart", beside("talking", false), { state: "held" }, ["hangup", "mute"]],
    ["to the colleague in a conference", beside("conference", false), {}, ["hangup", "mute"]],
    ["in wrap-up", null, { state: "wrap_up" }, []],
  ] as const)("%s", (_, consult, change, acts) => {
    expect(allowed(consult, change)).toEqual(acts);
  });

  it("is, for the colleague's hang-up key, to leave: the customer stays", () => {
    const sent: Command[] = [];
    callActs(floor(beside("conference", false)), (command) => sent.push(command)).hangup?.();
    expect(sent).toEqual([{ do: "leave", contact: "c1" }]);
  });

  it("opens the list by one press and closes it by the next", () => {
    const acts = callActs(floor(null), () => undefined);
    const seen = [acts.transfer, acts.conference, acts.conference].map((act) => (act?.(), useDesk.getState().giving));
    expect(seen).toEqual(["transfer", "conference", null]);
  });
});

describe("the strip of a consult", () => {
  const names = () => screen.queryAllByRole("button").map((each) => each.textContent);
  const strip = (consult: Consult, change: Partial<Contact> = {}) => {
    const snapshot = floor(consult, { state: consult.state === "conference" ? "connected" : "held", ...change });
    render(<ConsultStrip contact={contact(change)} consult={consult} busy={false} acts={callActs(snapshot, () => undefined)} />, { wrapper: Desk });
  };

  it("counts down while the colleague is rung, and can only be called off", () => {
    strip(beside("asked"));
    expect(screen.getByRole("timer").textContent).toMatch(/1[12]/);
    expect([screen.queryByText("正在呼叫 周宁") !== null, names()]).toEqual([true, ["取消咨询"]]);
  });

  it("says that the customer does not hear the two, and offers the three ways on", () => {
    strip(beside("talking"));
    expect(screen.queryByText("客户在保持中，听不到你们")).not.toBeNull();
    expect(names()).toEqual(["转给 周宁", "接成三方", "结束咨询"]);
  });

  it("says that all three hear each other", () => {
    strip(beside("conference"));
    expect(screen.queryByText("客户仍由您负责，三方都能听到")).not.toBeNull();
    expect(names()).toEqual(["转给 周宁", "请 周宁 离开"]);
  });

  it("tells the colleague whose customer it is", () => {
    strip(beside("talking", false));
    expect([screen.queryByText("客户由 周宁 负责，在保持中，听不到你们") !== null, names()]).toEqual([true, []]);
  });

  it("speaks English too", () => {
    setPrefs({ lang: "en" });
    strip(beside("talking"));
    expect(names()).toEqual(["Hand over to 周宁", "Bring the customer in", "End this talk"]);
  });

  it("afterwards reminds of the customer on hold, and takes him back", () => {
    const resume = vi.fn();
    render(<AfterStrip contact={contact({ state: "held" })} left={{ contact: "c1", name: "周宁", kind: "not_joined", held: true }} busy={false} onResume={resume} />, { wrapper: Desk });
    expect(screen.queryByText("周宁 没有加入")).not.toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "恢复通话" }));
    expect(resume).toHaveBeenCalledTimes(1);
  });
});

describe("a colleague who asks", () => {
  it("rings with his name and the matter, not as a caller", () => {
    const offer = { id: "o1", kind: "consult" as const, asked_by: "周宁", opened_at: now, expires_at: now + 15_000, why: [], contact: contact({ state: "held" }) };
    render(<IncomingStrip offer={offer} busy={false} onAnswer={() => undefined} onDecline={() => undefined} />, { wrapper: Desk });
    expect(screen.getByRole("alert").textContent).toBe("周宁 请求咨询：宽带断线");
    expect(screen.queryByText("已等待")).toBeNull();
    expect(screen.queryAllByRole("button", { name: /接听|拒接/ })).toHaveLength(2);
  });
});

describe("wrapping up a call that went on", () => {
  const strip = (ended_by: string, wrap_up_codes = config.wrap_up_codes) => {
    const cache = new QueryClient();
    cache.setQueryData(["config"], { ...config, wrap_up_codes });
    render(<QueryClientProvider client={cache}><WrapUpStrip contact={contact({ state: "wrap_up", ended_by, ended_at: now, wrap_up_ends_at: now + 60_000 })} /></QueryClientProvider>);

  };

  it("says so and proposes the code for it", () => {
    strip("given_on");
    expect(screen.queryByText(/通话由他人继续/)).not.toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>("码 transferred").checked).toBe(true);
    expect(screen.getByRole("button", { name: "结束话后" }).hasAttribute("disabled")).toBe(false);
  });

  it("proposes nothing where the company has no such code, or the call ended here", () => {
    strip("given_on", codes("resolved"));
    expect(screen.getByLabelText<HTMLInputElement>("码 resolved").checked).toBe(false);
    cleanup();
    strip("helped");
    expect(screen.queryByText(/您已离开三方通话/)).not.toBeNull();
    expect(screen.getByLabelText<HTMLInputElement>("码 transferred").checked).toBe(false);
    cleanup();
    strip("caller");
    expect(screen.getByLabelText<HTMLInputElement>("码 transferred").checked).toBe(false);
  });
});
