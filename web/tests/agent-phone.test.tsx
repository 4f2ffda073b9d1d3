// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AgentPhone } from "@/features/admin/AgentPhone";
import { callActs } from "@/features/call-bar/callActs";
import { CallHead } from "@/features/call-bar/CallHead";
import { LineAgain } from "@/features/call-bar/LineAgain";
import { ReadinessCard } from "@/features/readiness/ReadinessCard";
import { UNTOUCHED } from "@/features/readiness/checks";
import { SoundChoice } from "@/features/settings/SoundChoice";
import { soundsOf } from "@/lib/consult";
import type { Agent, Contact, Phone, Snapshot, TrainedAgent } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";
import { lacking } from "@/lib/readiness";

const contact: Contact = {
  id: "c1", state: "connected", channel: "phone", matter: "outage", queue: "broadband", lang: "zh", caller: "138****8001", queued_at: 0, connected_at: 1_000,
  ended_at: null, ended_by: null, given_by: null, wrap_up_ends_at: null, version: 4, ticket: null, edge: "edge-a", unrecorded_until: null, sealed: false,
};
const agent = (by: Agent["sound"]["by"] = "phone"): Agent => ({
  id: "a", login: "1001", name: "Ana", state: "on_contact", reason: null, since: 0, version: 7, queues: [], calls_today: 0,
  sound: { by, shown: by === "headset" ? "" : "139****1111" },
});
const floor = (by: Agent["sound"]["by"] = "phone"): Snapshot => ({
  now: 0, agent: agent(by), offer: null, contact, consult: null, waiting: 0, watchers: [], phone: by === "headset" ? null : { state: "led", again: false },
});

let sent: { path: string; body: unknown }[];
let answer: () => Response;
const wire = async (request: Request) => {
  sent.push({ path: new URL(request.url).pathname, body: JSON.parse((await request.text()) || "null") as unknown });
  return answer();
};
beforeEach(() => {
  setPrefs({ lang: "en", byPhone: false });
  sent = [];
  answer = () => new Response(JSON.stringify(floor()));
  vi.stubGlobal("fetch", wire);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Page({ children }: { children: ReactNode }) {
  const cache = new QueryClient();
  cache.setQueryData(["session"], { id: "p1", name: "Adam", role: "admin", lang: "en" });
  return <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
}

const refusal = () =>
  new Response(JSON.stringify({ code: "field_invalid", message: { zh: "字段无效。", en: "A field is not valid." }, field: "address", expected: { zh: "电话号码", en: "a number that may be called" } }), { status: 422 });

describe("the page of an agent by phone", () => {
  it("opens no sound of its own, whatever he is on", () => {
    expect(soundsOf(floor())).toEqual({ contact: null, as: "agent", consult: null, sealed: false });
    expect(soundsOf(floor("headset")).contact).toBe("c1");
  });

  it("opens the sound of a sealed call all the same: a telephone cannot seal", () => {
    const given = floor();
    const sealed = { ...given, contact: given.contact && { ...given.contact, sealed: true } };
    expect(soundsOf(sealed)).toMatchObject({ contact: "c1", sealed: true });
  });

  it("offers no mute, which is the telephone's, and all the rest", () => {
    const names = (by: Agent["sound"]["by"]) => Object.keys(callActs(floor(by), () => undefined));
    expect(names("headset")).toEqual(["mute", ...names("phone")]);
    expect(names("phone")).toEqual(["hold", "transfer", "conference", "hangup"]);
  });

  it.each([
    ["dialling", "Calling your phone"],
    ["asked", "Press 1 on your phone"],
    ["over", "Your phone hung up"],
  ] as const)("says in its call bar how far the phone is: %s", (state, text) => {
    render(<Page><CallHead contact={contact} consult={null} phone={{ state, again: false }} /></Page>);
    expect(screen.getByText(new RegExp(text))).toBeTruthy();
  });

  it("rings the phone again only where that is possible", () => {
    const ring = vi.fn();
    const bar = (phone: Phone) => <LineAgain contact={contact} phone={phone} busy={false} onRing={ring} />;
    const { rerender } = render(bar({ state: "led", again: false }));
    expect(screen.queryByRole("button")).toBeNull();
    rerender(bar({ state: "over", again: true }));
    fireEvent.click(screen.getByText("Ring my phone again"));
    expect(ring).toHaveBeenCalledOnce();
  });
});

describe("the choice of an agent's sound", () => {
  it("sends the number and shows what holds now, masked", async () => {
    render(<Page><SoundChoice agent={agent("headset")} /></Page>);
    expect(screen.queryByLabelText("Telephone number or SIP address")).toBeNull();
    fireEvent.click(screen.getByLabelText("telephone / SIP address"));
    fireEvent.change(screen.getByLabelText("Telephone number or SIP address"), { target: { value: "+8613900001111" } });
    fireEvent.click(screen.getByText("Save"));
    await waitFor(() => expect(sent).toEqual([{ path: "/api/me/phone", body: { address: "+8613900001111" } }]));
    await screen.findByText("Saved");
  });

  it("says beside the field what would do, and keeps what was typed", async () => {
    answer = refusal;
    render(<Page><SoundChoice agent={agent()} /></Page>);
    const field = screen.getByLabelText<HTMLInputElement>("Telephone number or SIP address");
    fireEvent.change(field, { target: { value: "110" } });
    fireEvent.click(screen.getByText("Save"));
    expect((await screen.findByRole("alert")).textContent).toBe("a number that may be called");
    expect(field.value).toBe("110");
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });

  it("goes back to the headset at a press", async () => {
    render(<Page><SoundChoice agent={agent()} /></Page>);
    expect(screen.getByText(/139\*\*\*\*1111/)).toBeTruthy();
    fireEvent.click(screen.getByLabelText("headset in the browser"));
    await waitFor(() => expect(sent).toEqual([{ path: "/api/me/phone", body: { address: "" } }]));
  });

  it("is an administrator's too, for any agent", async () => {
    const ana = { ...agent(), queues: {}, skills: {}, state: "offline" } as unknown as TrainedAgent;
    answer = refusal;
    render(<Page><AgentPhone agent={ana} /></Page>);
    fireEvent.click(screen.getByLabelText(/Sound of Ana/));
    fireEvent.change(screen.getByLabelText("Telephone number or SIP address"), { target: { value: "sip:x" } });
    fireEvent.click(screen.getByText("Save"));
    await waitFor(() => expect(sent).toEqual([{ path: "/api/admin/agents/a/phone", body: { address: "sip:x" } }]));
    expect((await screen.findByRole("alert")).textContent).toBe("a number that may be called");
  });
});

describe("the readiness of a computer whose agent hears by phone", () => {
  const readiness = { results: UNTOUCHED, level: null, version: undefined, run: () => undefined, runAll: () => undefined };

  it("asks for no microphone", () => {
    const { unmount } = render(<ReadinessCard readiness={readiness} />);
    expect(screen.queryAllByText(/[Mm]icrophone/).length).toBeGreaterThan(0);
    unmount();
    setPrefs({ byPhone: true });
    render(<ReadinessCard readiness={readiness} />);
    expect(screen.queryAllByText(/[Mm]icrophone/)).toEqual([]);
  });

  it("misses no WebRTC", () => {
    expect(lacking()).toContain("WebRTC");
    expect(lacking(true)).not.toContain("WebRTC");
  });
});
