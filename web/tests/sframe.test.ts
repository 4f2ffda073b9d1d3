/** The vectors of RFC 9605, appendix C, as published in sframe-wg/sframe (test-vectors). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expand, frameKey, NotOurFrameError, open, OURS, readHeader, seal, SUITES, writeHeader, type Bytes, type SuiteId } from "@/lib/sframe";

type Vector = Record<string, string>;

/** Fields of each block; a value goes on in the lines that begin with a space. */
function vectorsOf(file: string): Vector[] {
  const blocks = readFileSync(new URL(`data/${file}`, import.meta.url), "utf8").split("~~~ test-vectors\n").slice(1);
  return blocks.map((block) => {
    const text = (block.split("~~~")[0] ?? "").replace(/\n +/g, "");
    return Object.fromEntries(text.trim().split("\n").map((line) => line.split(": ") as [string, string]));
  });
}

const bytes = (hex = ""): Bytes => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (from: Uint8Array): string => Buffer.from(from).toString("hex");
const base = (raw: Bytes) => crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveBits"]);

const headers = vectorsOf("sframe-header.md");
const frames = vectorsOf("sframe-sframe.md");

describe("an SFrame header", () => {
  it("has as many vectors as the working group published", () => expect([headers.length, frames.length]).toEqual([289, 5]));

  it("is written and read as in every vector", () => {
    for (const { kid = "", ctr = "", header } of headers) {
      const written = writeHeader(BigInt(kid), BigInt(ctr));
      expect(hex(written.bytes)).toBe(header);
      expect(readHeader(Uint8Array.from([...written.bytes, 1, 2, 3]))).toEqual(written);
    }
  });

  it("that is cut short is refused", () => {
    for (const { header = "" } of headers) if (header.length > 2) expect(() => readHeader(bytes(header).slice(0, -1))).toThrow(NotOurFrameError);
    expect(() => readHeader(new Uint8Array())).toThrow(NotOurFrameError);
  });
});

describe.each(frames)("suite $cipher_suite", (vector) => {
  const suite = Number(vector["cipher_suite"]) as SuiteId;
  const [kid, ctr] = [BigInt(vector["kid"] ?? ""), BigInt(vector["ctr"] ?? "")];
  const [plain, metadata, sealed] = [bytes(vector["pt"]), bytes(vector["metadata"]), bytes(vector["ct"])];
  const key = async () => frameKey(suite, kid, await base(bytes(vector["base_key"])));

  it("draws key and salt as published", async () => {
    const drawn = await expand(suite, kid, await base(bytes(vector["base_key"])));
    expect([hex(drawn.key), hex(drawn.salt)]).toEqual([vector["sframe_key"], vector["sframe_salt"]]);
  });

  it("seals and opens the frame as published", async () => {
    expect(hex(await seal(await key(), ctr, plain, metadata))).toBe(vector["ct"]);
    expect(hex(await open(await key(), sealed, metadata))).toBe(vector["pt"]);
  });

  it("refuses a frame in which any bit was changed, and one that was cut", async () => {
    const ours = await key();
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.map((byte, n) => (n === at ? byte ^ 1 : byte));
      await expect(open(ours, changed, metadata)).rejects.toThrow(NotOurFrameError);
    }
    await expect(open(ours, sealed.slice(0, -1), metadata)).rejects.toThrow(NotOurFrameError);
    await expect(open(ours, sealed.slice(0, 6), metadata)).rejects.toThrow(NotOurFrameError);
    await expect(open(ours, sealed, bytes("00"))).rejects.toThrow(NotOurFrameError);
  });
});

it("our pages use AES-GCM with a tag of 16 bytes, and a sealed frame is 18 bytes longer at first", async () => {
  expect(SUITES[OURS]).toEqual({ hash: "SHA-256", key: 16, tag: 16 });
  const key = await frameKey(OURS, 1n, await base(new Uint8Array(16)));
  expect((await seal(key, 9n, new Uint8Array(60))).length).toBe(78);
});
