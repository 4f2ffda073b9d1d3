/** Redundant audio (RFC 2198): a frame with copies of frames before it, so that a burst of loss takes no sound. Pure. */

/** Clock ticks of one frame: 20 ms at the 48 kHz of Opus (RFC 7587). */
export const FRAME = 960;
const MAX_BLOCK = 1023;
const MAX_DISTANCE = 5;
/** Loss, 0 to 1, from which one copy is worth its bytes, and from which two are. */
const NEAR_FROM = 0.02;
const FAR_FROM = 0.1;
const NEAR = [3];
const FAR = [5, 2];

export type Distances = readonly number[];

/** Which frames to repeat at this loss. What is repeated now stays until the loss is well below that. */
export function distancesFor(loss: number, now: Distances): Distances {
  if (loss >= (now.length === FAR.length ? FAR_FROM / 2 : FAR_FROM)) return FAR;
  return loss >= (now.length > 0 ? NEAR_FROM / 2 : NEAR_FROM) ? NEAR : [];
}

export interface Copy {
  /** Clock ticks before the frame itself. */
  offset: number;
  payload: Uint8Array;
}

/** `copies`, oldest first; all of one payload type. */
export function pack(payloadType: number, payload: Uint8Array, copies: readonly Copy[]): Uint8Array<ArrayBuffer> {
  const fitting = copies.filter((copy) => copy.payload.length <= MAX_BLOCK);
  const bytes = fitting.reduce((sum, copy) => sum + 4 + copy.payload.length, 1 + payload.length);
  const packed = new Uint8Array(bytes);
  const view = new DataView(packed.buffer);
  fitting.forEach(({ offset, payload: { length } }, n) => view.setUint32(4 * n, ((0x80 | payloadType) << 24) | (offset << 10) | length));
  let at = 4 * fitting.length;
  packed[at++] = payloadType;
  for (const each of [...fitting.map((copy) => copy.payload), payload]) {
    packed.set(each, at);
    at += each.length;
  }
  return packed;
}

/** What was sent of late, for frames to come. A frame that was not sent (silence) has no copy. */
export class Repeater {
  distances: Distances = [];
  #sent: { timestamp: number; payload: Uint8Array }[] = [];

  pack(payloadType: number, timestamp: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
    const copies = this.distances.flatMap((distance): Copy[] => {
      const offset = distance * FRAME;
      const kept = this.#sent.find((sent) => sent.timestamp === (timestamp - offset) >>> 0);
      return kept ? [{ offset, payload: kept.payload }] : [];
    });
    this.#sent = [...this.#sent.slice(1 - MAX_DISTANCE), { timestamp, payload }];
    return pack(payloadType, payload, copies);
  }
}

export interface Unpacked {
  payloadType: number;
  payload: Uint8Array;
  copies: Copy[];
}

/** The frame and its copies, oldest first; null for what is not redundant audio. */
export function unpack(data: Uint8Array): Unpacked | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const heads: { offset: number; length: number }[] = [];
  let at = 0;
  for (; (data[at] ?? 0) & 0x80; at += 4) {
    if (at + 4 > data.length) return null;
    const word = view.getUint32(at);
    heads.push({ offset: (word >>> 10) & 0x3fff, length: word & MAX_BLOCK });
  }
  const payloadType = data[at++];
  if (payloadType === undefined) return null;
  const copies = heads.map(({ offset, length }): Copy => ({ offset, payload: data.slice(at, (at += length)) }));
  return at > data.length ? null : { payloadType, payload: data.slice(at), copies };
}
