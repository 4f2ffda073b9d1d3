/** A line sealed end to end: this page's worker has the keys, the edge forwards what it cannot open. */
import { Line, type Redundancy } from "@/lib/redundancy";
import type { LineKeys } from "@/lib/sealing";
import type { TransformOptions, WorkerOrder } from "@/lib/seal.worker";

export const canSeal = (): boolean => typeof RTCRtpScriptTransform !== "undefined" && typeof Worker !== "undefined";

let worker: Worker | null = null;

// One for all connections of this page: the counter of a key goes on when a line is joined anew.
const sealWorker = (): Worker => (worker ??= new Worker(new URL("./seal.worker.ts", import.meta.url), { type: "module" }));

/** The keys of a line from now on; null forgets them. Until there are any nothing is opened, and what is sent nobody can open. */
export function setLineKeys(line: string, keys: LineKeys | null): void {
  const order: WorkerOrder = { line, keys };
  sealWorker().postMessage(order);
}

function transform(line: string, way: TransformOptions["way"]): { made: RTCRtpScriptTransform; port: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  const options: TransformOptions = { way, line, port: port2 };
  return { made: new RTCRtpScriptTransform(sealWorker(), options, [port2]), port: port1 };
}

const RED_MAP = /^a=rtpmap:(\d+) red\/48000/im;

/**
 * Both ways of a connection, before its offer: set later, Chromium plays sealed frames as noise. `agreed` tells which
 * payload type carries copies, once the offer is made. Throws where the browser cannot.
 */
export function sealFrames(line: string, { sender, receiver }: RTCRtpTransceiver): Redundancy & { agreed: (sdp: string) => void } {
  const [sent, heard] = [transform(line, "send"), transform(line, "hear")];
  sender.transform = sent.made;
  receiver.transform = heard.made;
  const loss = new Line();
  return {
    lost: (share) => loss.lost(share) && sent.port.postMessage(loss.distances),
    agreed: (sdp) => heard.port.postMessage(Number(RED_MAP.exec(sdp)?.[1] ?? -1)),
  };
}
