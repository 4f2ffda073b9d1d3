import { describe, expect, it } from "vitest";
import { pack, unpack } from "@/lib/red";
import { closedEnds, endsOf, Window } from "@/lib/sealing";
import { readHeader, type Bytes } from "@/lib/sframe";

const base = (fill: number) => crypto.subtle.importKey("raw", new Uint8Array(32).fill(fill), "HKDF", false, ["deriveBits"]);
const caller = async () => endsOf({ mine: await base(1), theirs: await base(2), caller: true });
const agent = async () => endsOf({ mine: await base(2), theirs: await base(1), caller: false });
const frame = (byte: number): Bytes => new Uint8Array(60).fill(byte);

describe("a sealed line", () => {
  it("never uses a counter twice, however many frames are under way at once", async () => {
    const { sealer } = await caller();
    const sealed = await Promise.all(Array.from({ length: 300 }, (_, n) => sealer.seal(frame(n))));
    expect(new Set(sealed.map((each) => readHeader(each).ctr)).size).toBe(300);
  });

  it("gives each frame to the other side once", async () => {
    const [from, to] = [await caller(), await agent()];
    const window = to.opener.window();
    const sealed = await from.sealer.seal(frame(7));
    expect(await to.opener.open(sealed, window)).toEqual(frame(7));
    expect(await to.opener.open(sealed, window)).toBeNull();
  });

  it("does not open its own frames that are sent back to it", async () => {
    const own = await caller();
    expect(await own.opener.open(await own.sealer.seal(frame(7)), own.opener.window())).toBeNull();
  });

  it("takes frames in any order within 128 of the newest, and none from before", async () => {
    const [from, to] = [await caller(), await agent()];
    const sealed: Bytes[] = [];
    for (let n = 0; n < 300; n++) sealed.push(await from.sealer.seal(frame(n)));
    const window = to.opener.window();
    const open = async (at: number) => (await to.opener.open(sealed[at] ?? frame(0), window)) !== null;
    expect([await open(200), await open(199), await open(73), await open(72), await open(299), await open(171), await open(172)]).toEqual([true, true, true, false, true, false, true]);
  });

  it("lets a new connection hear what the old one just heard, and nothing from long ago", async () => {
    const [from, to] = [await caller(), await agent()];
    const sealed: Bytes[] = [];
    for (let n = 0; n < 300; n++) sealed.push(await from.sealer.seal(frame(n)));
    const old = to.opener.window();
    for (const each of sealed) await to.opener.open(each, old);
    const renewed = to.opener.window();
    const open = async (at: number) => (await to.opener.open(sealed[at] ?? frame(0), renewed)) !== null;
    expect([await open(100), await open(170), await open(171), await open(299)]).toEqual([false, false, true, true]);
  });

  it("is closed to everybody before keys are agreed", async () => {
    const [one, other] = [await closedEnds(), await closedEnds()];
    for (const to of [other, await agent(), await caller()]) expect(await to.opener.open(await one.sealer.seal(frame(1)), to.opener.window())).toBeNull();
  });

  it("takes nonsense for nothing", async () => {
    const { opener } = await agent();
    for (const bytes of [[], [0x88], [0xff, 1, 2], [0, 1, 2, 3], Array.from(frame(9))]) expect(await opener.open(new Uint8Array(bytes), new Window())).toBeNull();
  });
});

describe("redundant audio that is taken apart", () => {
  it("is what was packed", () => {
    const copies = [{ offset: 4800, payload: new Uint8Array([1, 2]) }, { offset: 1920, payload: new Uint8Array([3]) }];
    expect(unpack(pack(111, new Uint8Array([9, 8, 7]), copies))).toEqual({ payloadType: 111, payload: new Uint8Array([9, 8, 7]), copies });
    expect(unpack(pack(111, new Uint8Array([9]), []))).toEqual({ payloadType: 111, payload: new Uint8Array([9]), copies: [] });
  });

  it("is nothing where it is cut short", () => {
    const whole = pack(111, new Uint8Array(), [{ offset: 4800, payload: new Uint8Array([1, 2]) }]);
    for (let length = 0; length < whole.length; length++) expect(unpack(whole.subarray(0, length))).toBeNull();
  });
});
