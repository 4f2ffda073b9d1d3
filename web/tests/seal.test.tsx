// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SealNote } from "@/components/SealNote";
import { callActs } from "@/features/call-bar/callActs";
import { toneFor } from "@/features/caller/useOwnTones";
import type { CallerState, Snapshot } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";
import { holdSeal, useSeal } from "@/lib/seal";
import type { Round, Saying } from "@/lib/agreement";

const orders: unknown[] = [];

beforeEach(() => {
  orders.length = 0;
  vi.stubGlobal("Worker", class { postMessage = (order: unknown) => orders.push(order); });
});
afterEach(() => {
  cleanup();
  useSeal.setState({ phase: "none", number: "" });
  vi.unstubAllGlobals();
});

describe("what the screen says of a sealed call", () => {
  it.each([
    ["zh", ["端到端加密", "不录音", "不转写", "不能监听", "不做质检"]],
    ["en", ["Sealed end to end", "recording", "transcript", "supervisors listening", "quality checks"]],
  ] as const)("names the seal, the number and all that is off, in %s", (lang, words) => {
    act(() => setPrefs({ lang }));
    useSeal.setState({ phase: "sealed", number: "04 29 17" });
    render(<SealNote talking />);
    const text = document.body.textContent;
    for (const word of ["04 29 17", ...words]) expect(text).toContain(word);
  });

  it("shows no number before there is one, and says that nobody is heard until then", () => {
    act(() => setPrefs({ lang: "zh" }));
    useSeal.setState({ phase: "agreeing", number: "" });
    render(<SealNote talking />);
    expect(screen.getByText(/建立前双方互相听不到/)).toBeDefined();
    expect(document.body.textContent).not.toMatch(/\d\d \d\d \d\d/);
  });

  it("raises an alarm where the keys do not fit", () => {
    act(() => setPrefs({ lang: "zh" }));
    useSeal.setState({ phase: "broken", number: "" });
    render(<SealNote talking />);
    expect(screen.getByRole("alert").textContent).toContain("挂断");
  });
});

describe("what may be done in a sealed call", () => {
  const floor = (sealed: boolean) => ({ agent: { sound: { by: "headset" } }, contact: { id: "c1", state: "connected", sealed }, consult: null }) as Snapshot;
  it("is all but a conference", () => {
    const [open, sealed] = [callActs(floor(false), vi.fn()), callActs(floor(true), vi.fn())];
    expect(Object.keys(open).filter((act) => !(act in sealed))).toEqual(["conference"]);
  });
});

describe("what the caller's page plays by itself", () => {
  const state = (more: Partial<CallerState>) => ({ state: "queued", sealed: true, hold: false, ...more }) as CallerState;
  it("is the tone of waiting and of hold, in sealed calls only", () => {
    const states = [state({}), state({ state: "ringing" }), state({ state: "connecting" }), state({ state: "connected" }), state({ state: "connected", hold: true }), state({ state: "ended" }), state({ sealed: false }), state({ state: "connected", hold: true, sealed: false })];
    expect([null, ...states].map(toneFor)).toEqual([null, "waiting", "waiting", "waiting", null, "hold", null, null, null]);
  });
});

describe("a page that holds its seal", () => {
  /** The agent's page is there from the beginning and answers at once. */
  const peer = async (said: Saying, round: Round): Promise<Round> => {
    const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
    const shown = btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    return { ...round, commitment: said.commitment, agent_key: round.agent_key ?? shown, caller_key: said.key };
  };

  it("gives the worker keys that cannot be taken out, tells the number, and forgets both at the end", async () => {
    let round: Round = { commitment: null, caller_key: null, agent_key: null };
    const over = holdSeal({ contact: "c1", caller: true, say: async (said) => (round = await peer(said, round)) });
    expect(useSeal.getState()).toEqual({ phase: "agreeing", number: "" });
    await vi.waitFor(() => expect(useSeal.getState().phase).toBe("sealed"));
    expect(useSeal.getState().number).toMatch(/^\d\d \d\d \d\d$/);
    const { line, keys } = orders[0] as { line: string; keys: { mine: CryptoKey; theirs: CryptoKey } };
    expect([line, keys.mine.extractable, keys.theirs.extractable]).toEqual(["c1", false, false]);
    over();
    expect(orders.at(-1)).toEqual({ line: "c1", keys: null });
    expect(useSeal.getState()).toEqual({ phase: "none", number: "" });
  });

  it("asks again where an answer is lost", async () => {
    let tries = 0;
    const over = holdSeal({ contact: "c1", caller: false, say: () => (tries++ === 0 ? Promise.reject(new Error("lost")) : Promise.resolve({ commitment: null, caller_key: null, agent_key: null })) });
    await vi.waitFor(() => expect(tries).toBeGreaterThan(1), 2_000);
    expect(useSeal.getState().phase).toBe("agreeing");
    over();
  });
});
