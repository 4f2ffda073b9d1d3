import { describe, expect, it } from "vitest";
import { Line } from "@/lib/redundancy";
import { distancesFor, FRAME, pack, Repeater } from "@/lib/red";

const hex = (bytes: Uint8Array) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
const bytes = (...values: number[]) => new Uint8Array(values);

describe("a frame with its copies", () => {
  it("is laid out as RFC 2198 says; the edge's own test has the same vector", () => {
    const copies = [{ offset: 5 * FRAME, payload: bytes(0xa1, 0xa2) }, { offset: 2 * FRAME, payload: bytes(0xb1) }];
    expect(hex(pack(111, bytes(0xc1, 0xc2, 0xc3), copies))).toBe("ef4b0002ef1e00016fa1a2b1c1c2c3");
  });

  it("without copies is one byte longer", () => {
    expect(hex(new Repeater().pack(111, 0, bytes(7)))).toBe("6f07");
  });

  it("repeats what was sent at those distances, over the end of the clock, and no silence", () => {
    const repeater = new Repeater();
    repeater.distances = [3];
    const start = 2 ** 32 - FRAME;
    repeater.pack(111, start, bytes(1));
    repeater.pack(111, 0, bytes(2));
    expect(hex(repeater.pack(111, 2 * FRAME, bytes(3)))).toBe("ef2d00016f0103");
    expect(hex(repeater.pack(111, 4 * FRAME, bytes(4)))).toBe("6f04");
  });
});

describe("how much is repeated", () => {
  it("follows the loss, and gives it up well below where it began", () => {
    expect(distancesFor(0, [])).toEqual([]);
    expect(distancesFor(0.02, [])).toEqual([3]);
    expect(distancesFor(0.1, [3])).toEqual([5, 2]);
    expect(distancesFor(0.06, [5, 2])).toEqual([5, 2]);
    expect(distancesFor(0.04, [5, 2])).toEqual([3]);
    expect(distancesFor(0.011, [3])).toEqual([3]);
    expect(distancesFor(0.009, [3])).toEqual([]);
  });
});

describe("one way of a line", () => {
  const after = (...shares: number[]) => {
    const line = new Line();
    return [shares.map((share) => line.lost(share)), line] as const;
  };

  it("is protected soon after it gets bad, and waited for as long as its copies need", () => {
    const [changed, line] = after(0, 0.2, 0.2);
    expect(changed).toEqual([false, true, false]);
    expect(line.distances).toEqual([5, 2]);
    expect(line.waitMs).toBe(160);
  });

  it("is not left alone again by one good second", () => {
    const [, line] = after(0.2, 0.2, 0);
    expect(line.distances).toEqual([5, 2]);
    for (let n = 0; n < 20; n++) line.lost(0);
    expect([line.distances, line.waitMs]).toEqual([[], null]);
  });
});
