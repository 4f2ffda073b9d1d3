/** One visit of a caller, from the list of matters to the end of the call: its state, shared by the parts of the page. */
import { create } from "zustand";
import { Refused } from "@/lib/api";
import type { Bilingual, CallerState, Lang } from "@/lib/contract";
import { closeLine, openLine } from "@/lib/line";
import { chimeOnce } from "@/lib/tone";
import { createContact, endContact, freshDoor, leaveNumber, readState, type Key } from "./publicApi";

const POLL_MS = 1_500;
/** The key of a call in progress survives a reload of this tab, nothing else. */
const KEPT = "hearthline-visit";

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

const FRESH: Visit = { step: "choosing", contact: null, state: null, heardAt: 0, connectedAt: null, talkedMs: null, busy: false, problem: null };
const LOST: Bilingual = { zh: "服务暂时没有回应，请稍后再试。", en: "The service did not answer. Please try again." };

export const useVisit = create<Visit>()(() => FRESH);
const { setState: set, getState: get } = useVisit;

const isOver = (state: CallerState) => state.state === "ended" || state.state === "callback_promised";

/** Takes in a state: the line closes with the call, a chime tells of the agent. */
function hear(state: CallerState): void {
  const { state: before, connectedAt } = get();
  if (state.state === "connected" && before?.state !== "connected") {
    chimeOnce();
    set({ connectedAt: Date.now() });
  }
  if (isOver(state)) {
    closeLine();
    sessionStorage.removeItem(KEPT);
    if (connectedAt !== null) set({ talkedMs: Date.now() - connectedAt, connectedAt: null });
  }
  set({ state, heardAt: Date.now() });
}

async function attempt(act: () => Promise<void>): Promise<void> {
  set({ busy: true, problem: null });
  try {
    await act();
  } catch (error) {
    set({ problem: error instanceof Refused ? error.text : LOST });
  } finally {
    set({ busy: false });
  }
}

async function begin(matter: string, lang: Lang, number?: string) {
  const made = await createContact(matter, lang, number);
  const contact = { contact: made.contact, key: made.key };
  set({ contact });
  sessionStorage.setItem(KEPT, JSON.stringify(contact));
  return made;
}

/** Creates the contact and joins the sound at once: the waiting tone comes from there. */
export const callNow = (matter: string, lang: Lang): Promise<void> =>
  attempt(async () => {
    const made = await begin(matter, lang);
    openLine(freshDoor(made, { whip: made.whip, token: made.token }));
    hear(made.state);
    set({ step: "in_call" });
  });

/** Leaves a number instead of waiting. A call already queued keeps its place. */
export const askCallback = (number: string, matter: string, lang: Lang): Promise<void> =>
  attempt(async () => {
    hear(await leaveNumber(get().contact ?? (await begin(matter, lang, number)), number));
    set({ step: "in_call" });
  });

export const hangUp = (): Promise<void> =>
  attempt(async () => {
    const { contact } = get();
    closeLine();
    if (contact) hear(await endContact(contact));
  });

export function startOver(): void {
  closeLine();
  sessionStorage.removeItem(KEPT);
  set(FRESH);
}

export function joinAgain(): void {
  const { contact } = get();
  if (contact) openLine(freshDoor(contact));
}

async function poll(): Promise<void> {
  const { contact, state, step } = get();
  if (step === "choosing" || !contact || !state || isOver(state)) return;
  try {
    hear(await readState(contact));
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.status === 401)) hear({ ...state, state: "ended" });
  }
}

/** A page that was reloaded mid-call comes back to its call. */
async function comeBack(contact: Key): Promise<void> {
  const state = await readState(contact).catch(() => null);
  if (!state || isOver(state)) return sessionStorage.removeItem(KEPT);
  set({ contact, step: "in_call" });
  openLine(freshDoor(contact));
  hear(state);
}

/** Keeps the state fresh until the returned function is called. */
export function attend(): () => void {
  const kept = sessionStorage.getItem(KEPT);
  if (kept && !get().contact) void comeBack(JSON.parse(kept) as Key);
  const timer = setInterval(() => void poll(), POLL_MS);
  return () => clearInterval(timer);
}
