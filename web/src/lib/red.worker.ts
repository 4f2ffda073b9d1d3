/** Runs beside the page: packs what the microphone's encoder gives (RTCRtpScriptTransform), see `red`. */
import { Repeater, type Distances } from "@/lib/red";

/** What this worker uses of its scope: the library of the page's types has no workers. */
interface Scope {
  onrtctransform: (event: { transformer: Transformer }) => void;
}
interface Transformer {
  readable: ReadableStream<Frame>;
  writable: WritableStream<Frame>;
  options: { port: MessagePort };
}
interface Frame {
  data: ArrayBuffer;
  getMetadata: () => { rtpTimestamp?: number; payloadType?: number };
}

(self as unknown as Scope).onrtctransform = ({ transformer }) => {
  const repeater = new Repeater();
  transformer.options.port.onmessage = ({ data }: MessageEvent<Distances>) => (repeater.distances = data);
  const packed = new TransformStream<Frame, Frame>({
    transform(frame, out) {
      const { rtpTimestamp = 0, payloadType = 0 } = frame.getMetadata();
      frame.data = repeater.pack(payloadType, rtpTimestamp, new Uint8Array(frame.data)).buffer;
      out.enqueue(frame);
    },
  });
  void transformer.readable.pipeThrough(packed).pipeTo(transformer.writable);
};
