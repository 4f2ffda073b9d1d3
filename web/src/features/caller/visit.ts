/** One visit of a caller, from the list of matters to the end of the call: its state, shared by the parts of the page. */
import { create } from "zustand";
import type { Bilingual, CallerState } from "@/lib/contract";
import { closeLine } from "@/lib/line";
import { chimeOnce } from "@/lib/tone";
import { forgetKey } from "./keptKey";
import type { Key } from "./publicApi";

export interface Visit {
  step: "choosing" | "leaving_number" | "in_call";
  contact: Key | null;
  state: CallerState | null;
  /** Local time (ms) at which `state` was heard: waits run on between polls. */
  heardAt: number;
  connectedAt: number | null;
  talkedMs: number | null;
  busy: boolean;
  problem: Bilingual | null;
}

export const FRESH: Visit = { step: "choosing", contact: null, state: null, heardAt: 0, connectedAt: null, talkedMs: null, busy: false, problem: null };

export const useVisit = create<Visit>()(() => FRESH);
const { setState: set, getState: get } = useVisit;

export const isOver = (state: CallerState) => state.state === "ended" || state.state === "callback_promised";

/** Who waits is never told a longer wait than before. */
export function neverLonger(state: CallerState, before: CallerState | null): CallerState {
  if (state.wait_seconds === null || before === null || before.wait_seconds === null) return state;
  return { ...state, wait_seconds: Math.min(state.wait_seconds, before.wait_seconds) };
}

/** Takes in a state: the line closes with the call, a chime tells of the agent. */
export function hear(state: CallerState): void {
  const { state: before, connectedAt } = get();
  if (state.state === "connected" && before?.state !== "connected") {
    chimeOnce();
    set({ connectedAt: Date.now() });
  }
  if (isOver(state)) {
    closeLine();
    forgetKey();
    if (connectedAt !== null) set({ talkedMs: Date.now() - connectedAt, connectedAt: null });
  }
  set({ state: neverLonger(state, before), heardAt: Date.now() });
}
