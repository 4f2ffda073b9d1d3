// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WatcherStrips } from "@/features/consult/WatcherStrips";
import { TeamPage } from "@/features/watch/TeamPage";
import type { TeamCall, TeamCalls } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";
import { leave, useWatch } from "@/lib/watch";

/** What jsdom has not: a peer, and an edge that takes every offer. */
class Peer extends EventTarget {
  static all: Peer[] = [];
  iceGatheringState = "complete";
  connectionState = "connected";
  localDescription = { sdp: "offer" };
  closed = false;
  sent: unknown = null;
  constructor() {
    super();
    Peer.all.push(this);
  }
  addTransceiver(track: unknown) {
    this.sent = track === "audio" ? null : track;
    return { setCodecPreferences: () => undefined, sender: { replaceTrack: (other: unknown) => ((this.sent = other), Promise.resolve()) } };
  }
  setLocalDescription = () => Promise.resolve();
  setRemoteDescription = () => Promise.resolve();
  getStats = () => Promise.resolve(new Map());
  close() {
    this.closed = true;
  }
}
class Track {
  stopped = false;
  stop() {
    this.stopped = true;
  }
}

const call = (contact: string, name: string, more: Partial<TeamCall> = {}): TeamCall => ({
  contact, agent: { id: name, name }, partner: null, state: "connected", apart: false, sealed: false, channel: "phone", matter: "outage", queue: "broadband",
  lang: "zh", caller: "138****8000", connected_at: 1_000, held_at: null, watchers: [], mine: null, ...more,
});
let told: TeamCalls;
let asked: string[];
let refuses: Record<string, string>;
let late: Record<string, Promise<void>>;
let tracks: Track[];
let noMicrophone: boolean;

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
async function server(request: Request | string): Promise<Response> {
  if (typeof request === "string") return new Response("answer", { status: 201, headers: { Location: "/s" } });
  const { pathname } = new URL(request.url);
  if (request.method === "GET") return json(pathname === "/api/team/calls" ? told : {});
  const body = request.headers.get("Content-Type") ? ((await request.json()) as { mode?: string }) : {};
  const name = pathname.split("/").slice(4).join("/");
  asked.push(`${name} ${body.mode ?? ""}`.trim());
  const code = refuses[name];
  if (code) return json({ code, message: { zh: "不行", en: "Not now" } }, 409);
  await late[name];
  return json({ door: { whip: "https://edge.example/whip", token: "t", expires_at: 0, edge: "edge-a" }, mode: body.mode, call: told.calls[0] });
}

beforeEach(() => {
  [told, asked, refuses, late, tracks, noMicrophone, Peer.all] = [{ now: 5_000, most: 2, may_watch: true, left_out: 0, calls: [call("c1", "Ana"), call("c2", "Bo")] }, [], {}, {}, [], false, []];
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: [] }) });
  vi.stubGlobal("RTCPeerConnection", Peer);
  vi.stubGlobal("fetch", server);
  const open = () => {
    if (noMicrophone) return Promise.reject(new DOMException("no", "NotAllowedError"));
    const track = new Track();
    tracks.push(track);
    return Promise.resolve({ getAudioTracks: () => [track] });
  };
  Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: open } });
  setPrefs({ lang: "en" });
});
afterEach(async () => {
  cleanup();
  await leave();
  useWatch.setState({ problem: null });
  vi.unstubAllGlobals();
});

const page = () => {
  render(<QueryClientProvider client={new QueryClient()}><TeamPage /></QueryClientProvider>);
  return screen.findByRole("button", { name: "Listen: Ana" });
};
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const live = () => waitFor(() => expect(useWatch.getState()).toMatchObject({ phase: "live", busy: false }));

describe("a supervisor on a call", () => {
  it("listens without a microphone, and the page says who hears him", async () => {
    fireEvent.click(await page());
    await live();
    expect(asked).toEqual(["c1/watch listen"]);
    expect([tracks.length, Peer.all[0]?.sent]).toEqual([0, null]);
    const bar = screen.getByRole("region", { name: "Listening to Ana" });
    expect(within(bar).getByText("You hear both; neither hears you")).toBeTruthy();
    expect(within(bar).getByText("Microphone off")).toBeTruthy();
  });

  it("opens the microphone for a whisper on the same connection, once the edge knows, and closes it before listening again", async () => {
    fireEvent.click(await page());
    await live();
    press("Whisper: Ana");
    await waitFor(() => expect(useWatch.getState()).toMatchObject({ mode: "whisper", busy: false }));
    expect(asked).toEqual(["c1/watch listen", "c1/watch/mode whisper"]);
    expect([Peer.all.length, Peer.all[0]?.sent]).toEqual([1, tracks[0]]);
    refuses["c1/watch/mode"] = "edge_unreachable";
    press("Listen: Ana");
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Not now"));
    expect([tracks[0]?.stopped, Peer.all[0]?.sent]).toEqual([true, null]);
  });

  it("says nothing to anybody when the change was refused", async () => {
    fireEvent.click(await page());
    await live();
    refuses["c1/watch/mode"] = "watch_not_joined";
    press("Barge in: Ana");
    await screen.findByRole("alert");
    expect([useWatch.getState().mode, tracks[0]?.stopped, Peer.all[0]?.sent]).toEqual(["listen", true, null]);
  });

  it("does not go on the call to whisper where the microphone does not open", async () => {
    noMicrophone = true;
    await page();
    press("Whisper: Ana");
    await screen.findByText(/needs? one/);
    expect([asked, useWatch.getState().call]).toEqual([[], null]);
  });

  it("is off with one click, microphone and all, and off the former call when he goes to another", async () => {
    await page();
    press("Barge in: Ana");
    await live();
    press("Listen: Bo");
    await waitFor(() => expect(asked).toContain("c2/watch listen"));
    expect(asked.slice(0, 2)).toEqual(["c1/watch barge", "c1/watch/leave"]);
    expect([tracks[0]?.stopped, Peer.all[0]?.closed]).toEqual([true, true]);
    await live();
    press("Leave");
    await waitFor(() => expect(asked.at(-1)).toBe("c2/watch/leave"));
    expect([useWatch.getState().call, Peer.all[1]?.closed]).toEqual([null, true]);
  });

  it("who leaves while he is still joining is off, however late the answer comes", async () => {
    let answer: () => void = vi.fn();
    late["c1/watch"] = new Promise((done) => (answer = done));
    fireEvent.click(await page());
    await waitFor(() => expect(asked).toEqual(["c1/watch listen"]));
    press("Leave");
    answer();
    await waitFor(() => expect(asked).toEqual(["c1/watch listen", "c1/watch/leave", "c1/watch/leave"]));
    expect(useWatch.getState().call).toBeNull();
  });

  it("is told when the call is over, and joins nothing again", async () => {
    refuses["c1/watch"] = "not_now";
    fireEvent.click(await page());
    await screen.findByText("The call is over; you have left");
    expect(useWatch.getState().call).toBeNull();
  });

  it("has keys: letters act on the row with the focus, X leaves", async () => {
    const button = await page();
    fireEvent.keyDown(button, { key: "w", code: "KeyW" });
    await live();
    expect(asked).toEqual(["c1/watch whisper"]);
    fireEvent.keyDown(button, { key: "b", code: "KeyB" });
    await waitFor(() => expect(asked.at(-1)).toBe("c1/watch/mode barge"));
    await waitFor(() => expect(useWatch.getState().busy).toBe(false));
    fireEvent.keyDown(button, { key: "x", code: "KeyX" });
    await waitFor(() => expect(asked.at(-1)).toBe("c1/watch/leave"));
  });
});

describe("the list of calls", () => {
  it("shows a manager the calls and no way to join them", async () => {
    told = { ...told, may_watch: false };
    render(<QueryClientProvider client={new QueryClient()}><TeamPage /></QueryClientProvider>);
    await screen.findByText("Ana");
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText(/you cannot join/)).toBeTruthy();
  });

  it("says of a call who is on it already, and that it takes no more", async () => {
    const watchers = ["Sue", "Tom"].map((name) => ({ id: name, name, mode: "listen" as const }));
    told = { ...told, calls: [call("c1", "Ana", { watchers, state: "held" }), call("c2", "Bo")] };
    render(<QueryClientProvider client={new QueryClient()}><TeamPage /></QueryClientProvider>);
    await screen.findByText("No more supervisors");
    expect(screen.getByText("Sue・Listen、Tom・Listen")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Listen: Ana" })).toBeNull();
  });
});

describe("the agent's page", () => {
  it("says who listens, whispers or has barged in, and who hears it", () => {
    render(<WatcherStrips watchers={[{ id: "s", name: "Sue", mode: "whisper" }]} />);
    expect(screen.getByRole("status").textContent).toBe("Supervisor Sue whispers to you");
    expect(screen.getByText("The customer does not hear the supervisor")).toBeTruthy();
  });
});
