/** Runs beside the page: seals what the microphone's encoder gives and opens what comes, see `sealed`. */
import { pack, Repeater, unpack, type Copy, type Distances } from "@/lib/red";
import { closedEnds, endsOf, type Ends, type LineKeys, type Window } from "@/lib/sealing";
import type { Bytes } from "@/lib/sframe";

/** What this worker uses of its scope: the library of the page's types has no workers. */
interface Scope {
  onmessage: (event: MessageEvent<WorkerOrder>) => void;
  onrtctransform: (event: { transformer: Transformer }) => void;
}
/** Keys of a line; null forgets them. */
export interface WorkerOrder {
  line: string;
  keys: LineKeys | null;
}
/** Distances of copies for who sends, the payload type of redundant audio for who hears. */
export type TransformOrder = Distances | number;
export interface TransformOptions {
  way: "send" | "hear";
  line: string;
  port: MessagePort;
}
interface Transformer {
  readable: ReadableStream<Frame>;
  writable: WritableStream<Frame>;
  options: TransformOptions;
}
interface Frame {
  data: ArrayBuffer;
  getMetadata: () => { rtpTimestamp?: number; payloadType?: number };
}
type Work = (frame: Frame) => Promise<Bytes | null>;

const scope = self as unknown as Scope;
const ends = new Map<string, Promise<Ends>>();

const endsFor = (line: string): Promise<Ends> => {
  const known = ends.get(line) ?? closedEnds();
  ends.set(line, known);
  return known;
};

scope.onmessage = ({ data: { line, keys } }) => {
  if (keys) ends.set(line, endsOf(keys));
  else ends.delete(line);
};

scope.onrtctransform = ({ transformer }) => {
  const { way, line, port } = transformer.options;
  const work = way === "send" ? sending(line, port) : hearing(line, port);
  const changed = new TransformStream<Frame, Frame>({
    async transform(frame, out) {
      const data = await work(frame);
      if (!data) return;
      frame.data = data.buffer;
      out.enqueue(frame);
    },
  });
  void transformer.readable.pipeThrough(changed).pipeTo(transformer.writable);
};

function sending(line: string, port: MessagePort): Work {
  const repeater = new Repeater();
  port.onmessage = ({ data }: MessageEvent<Distances>) => (repeater.distances = data);
  return async (frame) => {
    const { rtpTimestamp = 0, payloadType = 0 } = frame.getMetadata();
    const { sealer } = await endsFor(line);
    return repeater.pack(payloadType, rtpTimestamp, await sealer.seal(new Uint8Array(frame.data)));
  };
}

/** A frame that does not open is dropped: silence, never noise. */
function hearing(line: string, port: MessagePort): Work {
  let redundant = -1;
  let seen: { ends: Ends; window: Window } | null = null;
  port.onmessage = ({ data }: MessageEvent<number>) => (redundant = data);
  return async (frame) => {
    const now = await endsFor(line);
    if (seen?.ends !== now) seen = { ends: now, window: now.opener.window() };
    const { window } = seen;
    const opened = (sealed: Uint8Array) => now.opener.open(sealed as Bytes, window);
    const data = new Uint8Array(frame.data);
    return frame.getMetadata().payloadType === redundant ? openPacked(data, opened) : opened(data);
  };
}

async function openPacked(data: Uint8Array, opened: (sealed: Uint8Array) => Promise<Bytes | null>): Promise<Bytes | null> {
  const unpacked = unpack(data);
  const payload = unpacked && (await opened(unpacked.payload));
  if (!payload) return null;
  const copies: Copy[] = [];
  for (const { offset, payload: sealed } of unpacked.copies) {
    const plain = await opened(sealed);
    if (plain) copies.push({ offset, payload: plain });
  }
  return pack(unpacked.payloadType, payload, copies);
}
