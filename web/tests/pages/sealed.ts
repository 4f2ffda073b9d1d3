/** One leg with the workspace's own code, driven by `tests/media/test_sealed.py`: keys come from the test. */
import { setLineKeys } from "@/lib/sealed";
import { joinEdge, type WhipSession } from "@/lib/whip";

const LINE = "line";
let session: WhipSession | null = null;

const baseKey = (hex: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)), "HKDF", false, ["deriveBits"]);

/** Chromium gives sound only to who also plays it. */
function play(track: MediaStreamTrack): void {
  void Object.assign(new Audio(), { srcObject: new MediaStream([track]), muted: true }).play();
}

const page = {
  /** `mine` and `theirs` are base keys in hex. */
  async keys(mine: string, theirs: string, caller: boolean): Promise<void> {
    setLineKeys(LINE, { mine: await baseKey(mine), theirs: await baseKey(theirs), caller });
  },
  async join(edge: string, token: string, sealed: boolean): Promise<void> {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    session = await joinEdge(microphone.getAudioTracks()[0] ?? null, play, {
      openDoor: () => Promise.resolve({ whip: `${edge}/whip`, token }),
      fetch: (input, init) => fetch(input, init),
      createPeer: () => new RTCPeerConnection(),
      sealed: sealed ? LINE : null,
    });
  },
  state: () => session?.peer.connectionState ?? "none",
  /** As if the edge had told of so much loss, 0 to 1. */
  lost: (share: number) => void session?.redundancy?.lost(share),
};

Object.assign(window, { line: page });
