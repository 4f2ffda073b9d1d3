import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Door } from "@/lib/contract";
import { TRY_MS } from "@/lib/ice";
import { joinEdge, LegRefusedError, type WhipPorts } from "@/lib/whip";

const OFFER = "our offer\r\na=rtpmap:63 red/48000/2\r\n";

/** The browser's peer connection is not in jsdom: this one only notes what was done to it. */
class Peer extends EventTarget {
  iceGatheringState = "complete";
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  remote: string | null = null;
  closed = false;
  encodings: RTCRtpEncodingParameters[] = [];
  addTransceiver(_: unknown, init: RTCRtpTransceiverInit) {
    this.encodings = init.sendEncodings ?? [];
    return { sender: this.sender, receiver: this.receiver, setCodecPreferences: (codecs: RTCRtpCodec[]) => (this.codecs = codecs.map((codec) => codec.mimeType)) };
  }
  codecs: string[] = [];
  sender: { transform?: unknown } = {};
  receiver: { transform?: unknown } = {};
  /** Whether both ways had their transform when the offer was made: later is too late for Chromium. */
  sealedBefore = false;
  setLocalDescription() {
    this.sealedBefore = this.sender.transform !== undefined && this.receiver.transform !== undefined;
    this.localDescription = { sdp: OFFER };
    return Promise.resolve();
  }
  setRemoteDescription(answer: { sdp: string }) {
    this.remote = answer.sdp;
    return Promise.resolve();
  }
  close() {
    this.closed = true;
  }
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

const track = {} as MediaStreamTrack;
const created = () => new Response("their answer", { status: 201, headers: { Location: "/whip/session-1" } });

function edge(send: Send, sealed: string | null = null) {
  const peer = new Peer();
  let tokens = 0;
  const ports: WhipPorts = {
    openDoor: () => Promise.resolve({ whip: "https://edge.example/whip", token: `token-${++tokens}` }),
    fetch: ((url: string, init: RequestInit) => send(url, init)) as typeof fetch,
    createPeer: () => peer as unknown as RTCPeerConnection,
    sealed,
  };
  return { peer, join: () => joinEdge(track, () => undefined, ports) };
}

beforeEach(() => {
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: ["audio/opus", "audio/PCMU", "audio/telephone-event"].map((mimeType) => ({ mimeType })) }) });
});
afterEach(() => vi.unstubAllGlobals());

describe("a sealed line", () => {
  it("is sealed both ways before its offer is made, and knows which frames carry copies", async () => {
    vi.stubGlobal("Worker", vi.fn());
    const ports = new Map<string, MessagePort>();
    vi.stubGlobal("RTCRtpScriptTransform", function (_: unknown, { way, line, port }: { way: string; line: string; port: MessagePort }) {
      ports.set(`${way} ${line}`, port);
    });
    const { peer, join } = edge(() => Promise.resolve(created()), "c1");
    const { redundancy } = await join();
    expect([peer.sealedBefore, ...ports.keys()]).toEqual([true, "send c1", "hear c1"]);
    const told = (way: string) => new Promise((heard) => ports.get(way)?.addEventListener("message", ({ data }: MessageEvent) => heard(data)));
    const [redundant, distances] = [told("hear c1"), told("send c1")];
    ports.forEach((port) => port.start());
    redundancy?.lost(1);
    expect(await Promise.all([redundant, distances])).toEqual([63, [5, 2]]);
    ports.forEach((port) => port.close());
  });

  it("is not joined at all where the browser cannot seal", async () => {
    const send = vi.fn(() => Promise.resolve(created()));
    const { peer, join } = edge(send, "c1");
    await expect(join()).rejects.toThrow();
    expect([send.mock.calls.length, peer.closed]).toEqual([0, true]);
  });
});

describe("a browser that can repeat what it sends", () => {
  it("packs every frame and says so to the edge, not to itself", async () => {
    vi.stubGlobal("Worker", vi.fn());
    vi.stubGlobal("RTCRtpScriptTransform", vi.fn());
    const bodies: unknown[] = [];
    const { peer, join } = edge((_, init) => (bodies.push(init.body), Promise.resolve(created())));
    const { redundancy } = await join();
    expect(bodies).toEqual([`${OFFER}a=x-hearthline-packed:red\r\n`]);
    expect(peer.sender.transform).toBeDefined();
    expect(redundancy).not.toBeNull();
  });

  it("is told nothing where it cannot", async () => {
    const { join } = edge(() => Promise.resolve(created()));
    expect((await join()).redundancy).toBeNull();
  });
});

describe("joining an edge", () => {
  it("posts the offer with a bearer token and takes the answer", async () => {
    const asked: [string, RequestInit][] = [];
    const { peer, join } = edge((url, init) => (asked.push([url, init]), Promise.resolve(created())));
    await join();
    expect(asked[0]?.[0]).toBe("https://edge.example/whip");
    expect(asked[0]?.[1]).toMatchObject({ method: "POST", body: OFFER, headers: { "Content-Type": "application/sdp", Authorization: "Bearer token-1" } });
    expect(peer.remote).toBe("their answer");
  });

  it("sends Opus alone, at high network priority", async () => {
    const { peer, join } = edge(() => Promise.resolve(created()));
    await join();
    expect(peer.codecs).toEqual(["audio/opus", "audio/telephone-event"]);
    expect(peer.encodings[0]).toMatchObject({ networkPriority: "high" });
  });

  it("gives up on a silent edge after 400 ms and tries again with a fresh token", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const tokens: unknown[] = [];
    const { join } = edge((_, init) => {
      tokens.push((init.headers as Record<string, string>)["Authorization"]);
      return tokens.length === 1 ? Promise.reject(new DOMException("late", "TimeoutError")) : Promise.resolve(created());
    });
    await join();
    expect(tokens).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(timeout.mock.calls.map(([ms]) => ms)).toEqual([400, 800]);
  });

  it("does not ask again when the edge refuses for good, and closes the connection", async () => {
    let asked = 0;
    const { peer, join } = edge(() => (asked++, Promise.resolve(new Response("", { status: 404 }))));
    await expect(join()).rejects.toBeInstanceOf(LegRefusedError);
    expect([asked, peer.closed]).toEqual([1, true]);
  });

  it("goes to the next edge with a token for it when one is full or drains", async () => {
    const doors = ["full", "draining", "free"].map((name) => ({ whip: `https://${name}.example/whip`, token: `for-${name}` }));
    const asked: string[] = [];
    const ports: WhipPorts = {
      openDoor: () => Promise.resolve(doors[asked.length] as Door),
      fetch: ((url: string, init: RequestInit) => {
        asked.push(`${url} ${(init.headers as Record<string, string>)["Authorization"]}`);
        const refused = new Response(JSON.stringify({ code: "edge_full" }), { status: 503, headers: { "Retry-After": "0" } });
        return Promise.resolve(url.includes("free") ? created() : refused);
      }) as typeof fetch,
      sealed: null,
      createPeer: () => new Peer() as unknown as RTCPeerConnection,
    };
    await joinEdge(track, () => undefined, ports);
    expect(asked).toEqual(doors.map((door) => `${door.whip} Bearer ${door.token}`));
  });

  it("says that asking again later may help when all were full", async () => {
    const { join } = edge(() => Promise.resolve(new Response("", { status: 503 })));
    await expect(join()).rejects.toMatchObject({ status: 503, mayPass: true });
  });

  it("asks four times at most", async () => {
    let asked = 0;
    const { join } = edge(() => (asked++, Promise.reject(new TypeError("network"))));
    await expect(join()).rejects.toThrow("network");
    expect(asked).toBe(TRY_MS.length);
  });

  it("deletes its session once, however often it leaves", async () => {
    const asked: string[] = [];
    const { peer, join } = edge((url, init) => (asked.push(`${init.method ?? ""} ${url}`), Promise.resolve(created())));
    const session = await join();
    await Promise.all([session.leave(), session.leave()]);
    expect(asked.filter((each) => each.startsWith("DELETE"))).toEqual(["DELETE https://edge.example/whip/session-1"]);
    expect(peer.closed).toBe(true);
  });

  it("leaves quietly when the edge is gone", async () => {
    const { join } = edge((_, init) => (init.method === "DELETE" ? Promise.reject(new TypeError("gone")) : Promise.resolve(created())));
    await expect((await join()).leave()).resolves.toBeUndefined();
  });
});
