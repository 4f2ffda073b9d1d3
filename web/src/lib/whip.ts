/** One leg between this page and a media edge: WHIP (RFC 9725), audio only, Opus. */
import type { Door } from "@/lib/contract";
import { relaysOf, restartIce, TRY_MS } from "@/lib/ice";
import { PACKED_LINE, packFrames, type Redundancy } from "@/lib/redundancy";
import { sealFrames } from "@/lib/sealed";

const GATHERING_MS = 300;

export interface WhipPorts {
  /** A fresh token each time: a token is good once, and a try that timed out may have used it. */
  openDoor: () => Promise<Door>;
  fetch: typeof fetch;
  createPeer: () => RTCPeerConnection;
  /** Names the line where the frames are sealed end to end, null where the edge may hear. */
  sealed: string | null;
}

export interface WhipSession {
  peer: RTCPeerConnection;
  /** Puts another track in the place of the one that is sent, null for none; nothing is negotiated anew. */
  send: (track: MediaStreamTrack | null) => Promise<void>;
  /** Servers that relay, for networks that let nothing else through. */
  relays: RTCIceServer[];
  /** Looks for another way while the old one carries on; throws, with nothing changed, where the edge did not take it. */
  restart: () => Promise<void>;
  /** Null where the browser cannot repeat what it sends. */
  redundancy: Redundancy | null;
  /** Tells the edge that this leg is over and closes the connection. Safe to call twice. */
  leave: () => Promise<void>;
}

/** The edge refused this leg. */
export class LegRefusedError extends Error {
  constructor(readonly status: number) {
    super(`edge answered ${status}`);
  }

  /** 401 and 409 are a token used by a lost try. A 503 is an edge that is full or drains: the next door is another's. */
  get mayPass(): boolean {
    return this.status === 401 || this.status === 409 || this.status >= 500;
  }
}

const codecsWanted = (): RTCRtpCodec[] =>
  (RTCRtpReceiver.getCapabilities("audio")?.codecs ?? []).filter((codec) => /^audio\/(opus|red|telephone-event)$/i.test(codec.mimeType));

interface OurOffer {
  sdp: string;
  sender: RTCRtpSender;
  redundancy: Redundancy | null;
}

async function offerOf(peer: RTCPeerConnection, microphone: MediaStreamTrack | null, sealed: string | null): Promise<OurOffer> {
  const leg = peer.addTransceiver(microphone ?? "audio", { direction: "sendrecv", sendEncodings: [{ priority: "high", networkPriority: "high" }] });
  const codecs = codecsWanted();
  if (codecs.length > 0) leg.setCodecPreferences(codecs);
  const seal = sealed === null ? null : sealFrames(sealed, leg);
  const redundancy = seal ?? packFrames(leg.sender);
  await peer.setLocalDescription();
  seal?.agreed(peer.localDescription?.sdp ?? "");
  await gathered(peer);
  // There is one section: a line at the end belongs to it.
  return { sdp: (peer.localDescription?.sdp ?? "") + (redundancy ? PACKED_LINE : ""), redundancy, sender: leg.sender };
}

/** WHIP sends candidates with the offer. The edge needs none of ours to be reached, so a slow interface is not waited for. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(done, GATHERING_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      done();
    });
  });
}

interface Answer {
  sdp: string;
  session: string;
  token: string;
  relays: RTCIceServer[];
}

async function post(sdp: string, ports: WhipPorts, timeoutMs: number): Promise<Answer> {
  const door = await ports.openDoor();
  const response = await ports.fetch(door.whip, {
    method: "POST",
    headers: { "Content-Type": "application/sdp", Authorization: `Bearer ${door.token}` },
    body: sdp,
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 201) throw new LegRefusedError(response.status);
  const session = new URL(response.headers.get("Location") ?? "", door.whip).href;
  return { sdp: await response.text(), session, token: door.token, relays: relaysOf(response.headers.get("Link")) };
}

async function postUntilHeard(sdp: string, ports: WhipPorts): Promise<Answer> {
  let last: unknown;
  for (const timeoutMs of TRY_MS) {
    try {
      return await post(sdp, ports, timeoutMs);
    } catch (error) {
      if (error instanceof LegRefusedError && !error.mayPass) throw error;
      last = error;
    }
  }
  throw last;
}

/**
 * Joins the edge with the microphone's track, null to hear only; `onSound` gets the track of the other side.
 * Throws what the last of four tries threw (`LegRefusedError`, a time-out, a network error), with the connection closed.
 */
export async function joinEdge(microphone: MediaStreamTrack | null, onSound: (track: MediaStreamTrack) => void, ports: WhipPorts): Promise<WhipSession> {
  const peer = ports.createPeer();
  peer.addEventListener("track", (event) => onSound(event.track));
  try {
    const { sdp, redundancy, sender } = await offerOf(peer, microphone, ports.sealed);
    const answer = await postUntilHeard(sdp, ports);
    await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    return {
      peer,
      redundancy,
      relays: answer.relays,
      send: (track) => sender.replaceTrack(track),
      restart: () => restartIce(peer, answer.session, answer.relays, ports.fetch),
      leave: once(() => leave(peer, answer, ports)),
    };
  } catch (error) {
    peer.close();
    throw error;
  }
}

async function leave(peer: RTCPeerConnection, answer: Answer, ports: WhipPorts): Promise<void> {
  peer.close();
  // keepalive: the page may be closing. A lost DELETE costs nothing, the edge notices the silence.
  await ports
    .fetch(answer.session, { method: "DELETE", headers: { Authorization: `Bearer ${answer.token}` }, keepalive: true })
    .catch(() => undefined);
}

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= act());
}
