/** Copies of our own sound for a bad line: packed by a worker between the encoder and the network. */
import { distancesFor, type Distances } from "@/lib/red";

/** Told to the edge with the offer: every frame of ours is packed. */
export const PACKED_LINE = "a=x-hearthline-packed:red\r\n";
/** So long the far copy of a frame is waited for, and a frame more. Milliseconds. */
const FAR_WAIT_MS = 160;
const NEAR_WAIT_MS = 80;

export interface Redundancy {
  /** What the edge says it lost of ours, 0 to 1. */
  lost: (share: number) => unknown;
}

/** Reports are of a second each, in which a burst more or less is chance: so much of each new one counts. */
const NEW_SHARE = 0.25;

let worker: Worker | null = null;

/** Null where the browser has no such transform: then the edge is not told, and the encoder's own copies must do. */
export function packFrames(sender: RTCRtpSender): Redundancy | null {
  if (typeof RTCRtpScriptTransform === "undefined" || typeof Worker === "undefined") return null;
  worker ??= new Worker(new URL("./red.worker.ts", import.meta.url), { type: "module" });
  const { port1, port2 } = new MessageChannel();
  sender.transform = new RTCRtpScriptTransform(worker, { port: port2 }, [port2]);
  const line = new Line();
  return { lost: (share) => line.lost(share) && port1.postMessage(line.distances) };
}

/** One way of a line: what it loses, smoothed, and which copies that asks for. */
export class Line {
  distances: Distances = [];
  #loss = 0;

  /** Takes in a report, 0 to 1; whether other copies are asked for now. Worse is believed sooner than better. */
  lost(share: number): boolean {
    this.#loss += (share - this.#loss) * (share > this.#loss ? 2 * NEW_SHARE : NEW_SHARE);
    const before = this.distances;
    this.distances = distancesFor(this.#loss, before);
    return this.distances.length !== before.length;
  }

  /** How long what comes this way waits for its copies; null leaves that to the browser. */
  get waitMs(): number | null {
    if (this.distances.length === 0) return null;
    return this.distances.length > 1 ? FAR_WAIT_MS : NEAR_WAIT_MS;
  }
}
