/** Copies of our own sound for a bad line: packed by a worker between the encoder and the network. */
import { distancesFor, type Distances } from "@/lib/red";

/** Told to the edge with the offer: every frame of ours is packed. */
export const PACKED_LINE = "a=x-hearthline-packed:red\r\n";
/** So long the far copy of a frame is waited for, and a frame more. Milliseconds. */
const FAR_WAIT_MS = 160;
const NEAR_WAIT_MS = 80;

export interface Redundancy {
  /** What the edge says it lost of ours, 0 to 1. */
  lost: (share: number) => void;
}

let worker: Worker | null = null;

/** Null where the browser has no such transform: then the edge is not told, and the encoder's own copies must do. */
export function packFrames(sender: RTCRtpSender): Redundancy | null {
  if (typeof RTCRtpScriptTransform === "undefined" || typeof Worker === "undefined") return null;
  worker ??= new Worker(new URL("./red.worker.ts", import.meta.url), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  sender.transform = new RTCRtpScriptTransform(worker, { port: port2 }, [port2]);
  let now: Distances = [];
  return {
    lost: (share) => {
      const wanted = distancesFor(share, now);
      if (wanted === now || (wanted.length === 0 && now.length === 0)) return;
      now = wanted;
      port1.postMessage(now);
    },
  };
}

/** How long what is heard here waits for its copies, for a loss of 0 to 1; null leaves that to the browser. */
export function waitFor(share: number): number | null {
  const distances = distancesFor(share, []);
  if (distances.length === 0) return null;
  return distances.length > 1 ? FAR_WAIT_MS : NEAR_WAIT_MS;
}
