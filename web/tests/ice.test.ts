import { describe, expect, it, vi } from "vitest";
import { relaysOf, renewed, restartIce, TRY_MS } from "@/lib/ice";

const LINK =
  '<turn:t.example:3478?transport=udp>; rel="ice-server"; username="9:ab"; credential="c=="; credential-type="password", ' +
  '<https://elsewhere.example>; rel="help", <turns:t.example:443>; rel="ice-server"; username="9:ab"; credential="c=="; credential-type="password"';

const ANSWER = ["v=0", "a=ice-lite", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:old", "a=ice-pwd:oldpassword", "a=mid:0", "a=candidate:1 1 udp 1 192.0.2.1 9 typ host", ""].join("\r\n");
const THEIRS = ["a=ice-lite", "m=audio 9 RTP/AVP 0", "a=mid:0", "a=ice-ufrag:new", "a=ice-pwd:newpassword", "a=candidate:1 1 udp 2 2001:db8::1 9 typ host", "a=candidate:2 1 udp 1 192.0.2.2 9 typ host", "a=end-of-candidates", ""].join("\r\n");

describe("relays told by the edge", () => {
  it("are those that the answer names as such, with their credentials", () => {
    expect(relaysOf(LINK)).toEqual([
      { urls: "turn:t.example:3478?transport=udp", username: "9:ab", credential: "c==" },
      { urls: "turns:t.example:443", username: "9:ab", credential: "c==" },
    ]);
    expect(relaysOf(null)).toEqual([]);
  });
});

describe("an answer of a restarted session", () => {
  it("has the new credentials and addresses and nothing else new", () => {
    const sdp = renewed(ANSWER, THEIRS);
    expect(sdp.split("\r\n")).toEqual([
      ...["v=0", "a=ice-lite", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:new", "a=ice-pwd:newpassword", "a=mid:0"],
      ...["a=candidate:1 1 udp 2 2001:db8::1 9 typ host", "a=candidate:2 1 udp 1 192.0.2.2 9 typ host", "a=end-of-candidates", ""],
    ]);
  });
});

/** As much of a peer connection as a restart touches. */
class Peer {
  signalingState = "stable";
  currentRemoteDescription = { sdp: ANSWER };
  localDescription: { sdp: string } | null = null;
  configured: RTCConfiguration | null = null;
  remote = "";
  createOffer = (wish: RTCOfferOptions) => Promise.resolve({ type: "offer", sdp: wish.iceRestart ? "a=ice-ufrag:mine\r\na=ice-pwd:minepassword\r\na=mid:0\r\n" : "" });
  getConfiguration = () => ({ iceTransportPolicy: "all" }) as RTCConfiguration;
  setConfiguration = (wish: RTCConfiguration) => (this.configured = wish);
  setLocalDescription(given: { type: string; sdp: string }) {
    this.signalingState = given.type === "rollback" ? "stable" : "have-local-offer";
    this.localDescription = given;
    return Promise.resolve();
  }
  setRemoteDescription(given: { sdp: string }) {
    [this.remote, this.signalingState] = [given.sdp, "stable"];
    return Promise.resolve();
  }
}

function restart(send: (init: RequestInit) => Promise<Response>, relays: RTCIceServer[] = []) {
  const peer = new Peer();
  const ask = ((_: string, init: RequestInit) => send(init)) as typeof fetch;
  return { peer, done: restartIce(peer as unknown as RTCPeerConnection, "https://edge.example/whip/1", relays, ask) };
}

describe("restarting ICE", () => {
  it("tells the edge its credentials and takes those of the edge", async () => {
    const asked: RequestInit[] = [];
    const { peer, done } = restart((init) => (asked.push(init), Promise.resolve(new Response(THEIRS))), relaysOf(LINK));
    await done;
    expect(asked[0]).toMatchObject({ method: "PATCH", headers: { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": "*" } });
    expect(asked[0]?.body).toBe("a=ice-ufrag:mine\r\na=ice-pwd:minepassword\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n");
    expect(peer.remote).toContain("a=ice-ufrag:new");
    expect(peer.configured).toEqual({ iceTransportPolicy: "all", iceServers: relaysOf(LINK) });
  });

  it("asks again when the answer is lost, with the same words", async () => {
    const bodies: unknown[] = [];
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const { done } = restart((init) => {
      bodies.push(init.body);
      return bodies.length < 3 ? Promise.reject(new DOMException("late", "TimeoutError")) : Promise.resolve(new Response(THEIRS));
    });
    await done;
    expect(new Set(bodies).size).toBe(1);
    expect(timeout.mock.calls.map(([ms]) => ms)).toEqual(TRY_MS.slice(0, 3));
  });

  it("leaves all as it was where the edge does not know the session any more", async () => {
    let asked = 0;
    const { peer, done } = restart(() => (asked++, Promise.resolve(new Response("", { status: 404 }))));
    await expect(done).rejects.toThrow("404");
    expect([asked, peer.signalingState, peer.remote]).toEqual([1, "stable", ""]);
  });
});
