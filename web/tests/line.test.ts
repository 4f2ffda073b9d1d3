// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeLine, openLine, renewLine, setMuted, useLine } from "@/lib/line";

/** What jsdom has not: tracks, peers and an edge that only note what was done to them. */
class Track extends EventTarget {
  enabled = true;
  stopped = false;
  label = "USB headset";
  clones: Track[] = [];
  clone() {
    const copy = new Track();
    this.clones.push(copy);
    return copy;
  }
  stop() {
    this.stopped = true;
  }
}
class Peer extends EventTarget {
  static all: Peer[] = [];
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription = { sdp: "offer" };
  closed = false;
  track: Track | null = null;
  constructor() {
    super();
    Peer.all.push(this);
  }
  addTransceiver(track: Track) {
    this.track = track;
    return { setCodecPreferences: () => undefined };
  }
  setLocalDescription = () => Promise.resolve();
  setRemoteDescription = () => Promise.resolve();
  /** Packets of the path in use; more at each look. */
  packets = 0;
  getStats = () => Promise.resolve(new Map(this.packets ? [["way", { type: "candidate-pair", nominated: true, packetsReceived: this.packets++ }]] : []));
  signalingState = "stable";
  currentRemoteDescription = { sdp: "answer" };
  configured: RTCConfiguration = {};
  restarts = 0;
  createOffer = () => (this.restarts++, Promise.resolve({ type: "offer", sdp: "offer" }));
  getConfiguration = () => ({});
  setConfiguration = (wish: RTCConfiguration) => (this.configured = wish);
  close() {
    this.closed = true;
  }
  connect() {
    this.connectionState = "connected";
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

let microphone: Track;
let opened: number;
const door = (whip: string) => () => Promise.resolve({ whip: `https://edge.example/${whip}`, token: "t" });
const settle = () => vi.waitFor(() => expect(Peer.all.every((peer) => peer.track)).toBe(true));
const joined = async (count: number) => {
  await vi.waitFor(() => expect(Peer.all.length).toBe(count));
  await settle();
  await new Promise((done) => setTimeout(done, 0));
  return Peer.all[count - 1] as Peer;
};

beforeEach(() => {
  [microphone, opened, Peer.all] = [new Track(), 0, []];
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: [] }) });
  vi.stubGlobal("RTCPeerConnection", Peer);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("answer", { status: 201, headers: { Location: "/s" } })));
  Object.defineProperty(navigator, "mediaDevices", {
    configurable: true,
    value: { getUserMedia: () => (opened++, Promise.resolve({ getAudioTracks: () => [microphone], getTracks: () => [microphone] })) },
  });
});
afterEach(async () => {
  closeLine("consult");
  closeLine("contact");
  await Promise.resolve();
  vi.unstubAllGlobals();
});

describe("two legs of one page", () => {
  it("send the microphone to the colleague only, while two agents talk apart", async () => {
    openLine(door("contact"));
    const customer = await joined(1);
    expect(customer.track?.enabled).toBe(true);
    openLine(door("consult"), "consult");
    expect(customer.track?.enabled).toBe(false);
    const colleague = await joined(2);
    expect([customer.track?.enabled, colleague.track?.enabled]).toEqual([false, true]);
    closeLine("consult");
    expect([customer.track?.enabled, colleague.closed]).toEqual([true, true]);
  });

  it("are muted together, and unmuting opens only the room that is spoken in", async () => {
    openLine(door("contact"));
    openLine(door("consult"), "consult");
    await joined(2);
    setMuted(true);
    expect(microphone.clones.map((track) => track.enabled)).toEqual([false, false]);
    setMuted(false);
    expect(microphone.clones.filter((track) => track.enabled)).toHaveLength(1);
  });

  it("show the state of the room that is spoken in", async () => {
    openLine(door("contact"));
    (await joined(1)).connect();
    expect(useLine.getState().phase).toBe("live");
    openLine(door("consult"), "consult");
    expect(useLine.getState().phase).toBe("joining");
    (await joined(2)).connect();
    closeLine("consult");
    expect([useLine.getState().phase, useLine.getState().legs.consult]).toEqual(["live", undefined]);
  });

  it("keep the microphone and the mute where one follows the other at once", async () => {
    openLine(door("consult"), "consult");
    await joined(1);
    setMuted(true);
    closeLine("consult");
    openLine(door("contact"));
    await joined(2);
    expect([opened, microphone.stopped, useLine.getState().muted]).toEqual([1, false, true]);
  });

  it("free the microphone with the last of them", async () => {
    openLine(door("contact"));
    await joined(1);
    closeLine("contact");
    await vi.waitFor(() => expect(microphone.stopped).toBe(true));
    expect(useLine.getState()).toMatchObject({ phase: "none", device: null, muted: false });
  });
});

describe("a page whose network changes", () => {
  it("joins beside the way it has and leaves that when the new one carries sound", async () => {
    openLine(door("one"));
    const first = await joined(1);
    first.connect();
    window.dispatchEvent(new Event("online"));
    const second = await joined(2);
    expect(first.closed).toBe(false);
    second.connect();
    await vi.waitFor(() => expect(first.closed).toBe(true));
    expect(second.closed).toBe(false);
  });
});

/** An edge that tells of a relay, and answers a restart with `status`. */
function edgeWithRelay(status = 200) {
  const Link = '<turn:t.example>; rel="ice-server"; username="u"; credential="c"; credential-type="password"';
  const answers: Record<string, () => Response> = {
    POST: () => new Response("answer", { status: 201, headers: { Location: "/s", Link } }),
    PATCH: () => new Response("a=ice-ufrag:x", { status }),
  };
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => Promise.resolve((answers[init.method ?? ""] ?? (() => new Response()))()));
}
const LOOKS_MS = 200;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe("a page whose network changes while the old way still carries sound", () => {
  it.each(["online", "change"])("looks for a new way behind it and joins nothing anew (%s)", async (event) => {
    const connection = Object.assign(new EventTarget(), { type: "wifi" });
    Object.defineProperty(navigator, "connection", { configurable: true, value: connection });
    edgeWithRelay();
    openLine(door("one"));
    const only = await joined(1);
    only.packets = 1;
    only.connect();
    await wait(LOOKS_MS);
    connection.dispatchEvent(new Event("change")); // its speed alone
    await wait(0);
    expect(only.restarts).toBe(0);
    connection.type = "cellular";
    (event === "online" ? window : connection).dispatchEvent(new Event(event));
    await vi.waitFor(() => expect(only.restarts).toBe(1));
    await wait(LOOKS_MS);
    expect([Peer.all.length, only.closed]).toEqual([1, false]);
  });

  it("joins anew where the edge does not take the restart", async () => {
    edgeWithRelay(404);
    openLine(door("one"));
    const first = await joined(1);
    first.packets = 1;
    first.connect();
    await wait(LOOKS_MS);
    window.dispatchEvent(new Event("online"));
    const second = await joined(2);
    expect([first.closed, second.closed]).toEqual([false, false]);
  });
});

describe("a page whose network lets nothing through", () => {
  it("asks relays two seconds after it joined in vain, and not where it is connected", async () => {
    edgeWithRelay();
    openLine(door("one"), "consult");
    openLine(door("two"));
    const connected = await joined(2);
    const [walled] = Peer.all as [Peer];
    connected.connect();
    await vi.waitFor(() => expect(walled.restarts).toBe(1), 3_000);
    expect(walled.configured.iceServers).toEqual([{ urls: "turn:t.example", username: "u", credential: "c" }]);
    expect(connected.restarts).toBe(0);
  });
});

describe("a leg that joins as somebody else", () => {
  it("leaves its old place only when the new one carries sound", async () => {
    openLine(door("partner"));
    const before = await joined(1);
    before.connect();
    renewLine(door("agent"), "contact");
    const after = await joined(2);
    expect([before.closed, useLine.getState().phase]).toEqual([false, "live"]);
    after.connect();
    await vi.waitFor(() => expect(before.closed).toBe(true));
    expect(after.closed).toBe(false);
  });
});

describe("a microphone that is refused", () => {
  it("is told, and asked for again at the next try", async () => {
    const { mediaDevices } = navigator;
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: { getUserMedia: () => Promise.reject(new Error("no")) } });
    openLine(door("contact"));
    await vi.waitFor(() => expect(useLine.getState().phase).toBe("no_microphone"));
    Object.defineProperty(navigator, "mediaDevices", { configurable: true, value: mediaDevices });
    openLine(door("contact"));
    (await joined(1)).connect();
    expect(useLine.getState().phase).toBe("live");
  });
});
