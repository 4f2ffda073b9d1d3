/** SFrame (RFC 9605): one frame sealed under a key that no server on its way has. Pure but for the browser's own ciphers. */

export type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of the key (Nk) and of the tag (Nt), RFC 9605 section 4.5; of a key for CTR the first `cipher` are the cipher's. */
interface Suite {
  hash: "SHA-256" | "SHA-512";
  key: number;
  tag: number;
  cipher?: number;
}

export const SUITES = {
  0x0001: { hash: "SHA-256", key: 48, tag: 10, cipher: 16 },
  0x0002: { hash: "SHA-256", key: 48, tag: 8, cipher: 16 },
  0x0003: { hash: "SHA-256", key: 48, tag: 4, cipher: 16 },
  0x0004: { hash: "SHA-256", key: 16, tag: 16 },
  0x0005: { hash: "SHA-512", key: 32, tag: 16 },
} as const satisfies Record<number, Suite>;
export type SuiteId = keyof typeof SUITES;

/** AES_128_GCM_SHA256_128: what our pages use. */
export const OURS: SuiteId = 0x0004;
const NONCE_BYTES = 12;
const COUNTER_BITS = 32;
const NOTHING: Bytes = new Uint8Array();

/** Keys of one sender: `mac` only where the suite is CTR with HMAC. */
export interface FrameKey {
  suite: Suite;
  kid: bigint;
  salt: Bytes;
  cipher: CryptoKey;
  mac: CryptoKey | null;
}

export interface Header {
  kid: bigint;
  ctr: bigint;
  bytes: Bytes;
}

/** The frame was not sealed by whom we expect, or was changed on its way. */
export class NotOurFrameError extends Error {}

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** `value` in so many bytes, the highest first. */
export function bigEndian(value: bigint, size: number): Bytes {
  const out = new Uint8Array(size);
  for (let at = size - 1, rest = value; at >= 0; at--, rest >>= 8n) out[at] = Number(rest & 0xffn);
  return out;
}

const text = (words: string): Bytes => new TextEncoder().encode(words);
const fewest = (value: bigint): Bytes => bigEndian(value, Math.max(1, Math.ceil(value.toString(16).length / 2)));
const valueOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** Section 4.3: a value below eight stands in the first byte, a larger one in one to eight bytes behind it. */
export function writeHeader(kid: bigint, ctr: bigint): Header {
  const [k, c] = [kid, ctr].map((value) => (value < 8n ? { code: Number(value), more: NOTHING } : longOf(value))) as [Part, Part];
  return { kid, ctr, bytes: joined(new Uint8Array([(k.code << 4) | c.code]), k.more, c.more) };
}

interface Part {
  code: number;
  more: Bytes;
}

function longOf(value: bigint): Part {
  const more = fewest(value);
  return { code: 0x08 | (more.length - 1), more };
}

/** Throws NotOurFrameError where the frame ends before its header does. */
export function readHeader(frame: Uint8Array): Header {
  const first = frame[0];
  if (first === undefined) throw new NotOurFrameError("empty");
  let at = 1;
  const part = (code: number): bigint => {
    if (code < 8) return BigInt(code);
    const value = frame.subarray(at, (at += (code & 7) + 1));
    if (at > frame.length) throw new NotOurFrameError("cut short");
    return valueOf(value);
  };
  const [kid, ctr] = [part(first >> 4), part(first & 0x0f)];
  return { kid, ctr, bytes: frame.slice(0, at) };
}

/** Key and salt of section 4.4.2 as bytes; `base` is an HKDF key. */
export async function expand(id: SuiteId, kid: bigint, base: CryptoKey): Promise<{ key: Bytes; salt: Bytes }> {
  const suite: Suite = SUITES[id];
  const drawn = async (label: string, size: number) => {
    const info = joined(text(label), bigEndian(kid, 8), bigEndian(BigInt(id), 2));
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: suite.hash, salt: NOTHING, info }, base, 8 * size));
  };
  return { key: await drawn("SFrame 1.0 Secret key ", suite.key), salt: await drawn("SFrame 1.0 Secret salt ", NONCE_BYTES) };
}

export async function frameKey(id: SuiteId, kid: bigint, base: CryptoKey): Promise<FrameKey> {
  const suite: Suite = SUITES[id];
  const { key, salt } = await expand(id, kid, base);
  const use: KeyUsage[] = ["encrypt", "decrypt"];
  const cipher = await crypto.subtle.importKey("raw", key.slice(0, suite.cipher ?? suite.key), suite.cipher ? "AES-CTR" : "AES-GCM", false, use);
  const mac = suite.cipher ? await crypto.subtle.importKey("raw", key.slice(suite.cipher), { name: "HMAC", hash: suite.hash }, false, ["sign"]) : null;
  return { suite, kid, salt, cipher, mac };
}

function nonceOf({ salt }: FrameKey, ctr: bigint): Bytes {
  const counter = bigEndian(ctr, NONCE_BYTES);
  return salt.map((byte, at) => byte ^ (counter[at] ?? 0));
}

/** Section 4.4.3. A counter must never be used twice with a key. */
export async function seal(key: FrameKey, ctr: bigint, plain: Bytes, metadata: Bytes = NOTHING): Promise<Bytes> {
  const header = writeHeader(key.kid, ctr).bytes;
  const [nonce, aad] = [nonceOf(key, ctr), joined(header, metadata)];
  if (!key.mac) return joined(header, new Uint8Array(await crypto.subtle.encrypt(gcm(key, nonce, aad), key.cipher, plain)));
  const hidden = new Uint8Array(await crypto.subtle.encrypt(counterMode(nonce), key.cipher, plain));
  return joined(header, hidden, await tagOf(key, key.mac, nonce, aad, hidden));
}

/** Section 4.4.4. Throws NotOurFrameError for what was not sealed with this key, or was changed. */
export async function open(key: FrameKey, sealed: Bytes, metadata: Bytes = NOTHING): Promise<Bytes> {
  const { kid, ctr, bytes: header } = readHeader(sealed);
  const body = sealed.slice(header.length);
  if (kid !== key.kid || body.length < key.suite.tag) throw new NotOurFrameError("another key, or no tag");
  const [nonce, aad] = [nonceOf(key, ctr), joined(header, metadata)];
  if (!key.mac) {
    const plain = await crypto.subtle.decrypt(gcm(key, nonce, aad), key.cipher, body).catch(() => null);
    if (!plain) throw new NotOurFrameError("changed");
    return new Uint8Array(plain);
  }
  const [hidden, tag] = [body.slice(0, -key.suite.tag), body.slice(-key.suite.tag)];
  const ours = await tagOf(key, key.mac, nonce, aad, hidden);
  if (ours.reduce((differs, byte, at) => differs | (byte ^ (tag[at] ?? 0)), 0) !== 0) throw new NotOurFrameError("changed");
  return new Uint8Array(await crypto.subtle.decrypt(counterMode(nonce), key.cipher, hidden));
}

const gcm = ({ suite }: FrameKey, iv: Bytes, additionalData: Bytes): AesGcmParams => ({ name: "AES-GCM", iv, additionalData, tagLength: 8 * suite.tag });
const counterMode = (nonce: Bytes): AesCtrParams => ({ name: "AES-CTR", counter: joined(nonce, new Uint8Array(4)), length: COUNTER_BITS });

/** Section 4.5.1: lengths first, so that nothing can move from one part to the next. */
async function tagOf({ suite }: FrameKey, mac: CryptoKey, nonce: Bytes, aad: Bytes, hidden: Bytes): Promise<Bytes> {
  const lengths = [aad.length, hidden.length, suite.tag].map((length) => bigEndian(BigInt(length), 8));
  const whole = await crypto.subtle.sign("HMAC", mac, joined(...lengths, nonce, aad, hidden));
  return new Uint8Array(whole).slice(0, suite.tag);
}
