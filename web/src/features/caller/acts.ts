/** What a caller does during a visit, and the polling that keeps it current. */
import { explain, Refused } from "@/lib/api";
import type { Lang } from "@/lib/contract";
import { closeLine, openLine } from "@/lib/line";
import { forgetKey, keepKey, keptKey } from "./keptKey";
import { createContact, endContact, freshDoor, leaveNumber, readState, sealOf, type Key } from "./publicApi";
import { FRESH, hear, isOver, useVisit } from "./visit";

const POLL_MS = 1_500;
const { setState: set, getState: get } = useVisit;

async function attempt(act: () => Promise<void>): Promise<void> {
  set({ busy: true, problem: null });
  try {
    await act();
  } catch (error) {
    set({ problem: explain(error) });
  } finally {
    set({ busy: false });
  }
}

async function begin(matter: string, lang: Lang, callback?: string) {
  const made = await createContact(matter, lang, callback);
  const contact = { contact: made.contact, key: made.key };
  set({ contact });
  keepKey(contact);
  return made;
}

/** Creates the contact and joins the sound at once: the waiting tone comes from there. */
export const callNow = (matter: string, lang: Lang): Promise<void> =>
  attempt(async () => {
    const made = await begin(matter, lang);
    openLine(freshDoor(made, { whip: made.whip, token: made.token }), "contact", sealOf(made, made.state));
    hear(made.state);
    set({ step: "in_call" });
  });

/** Leaves a number instead of waiting. A call already queued keeps its place; out of hours the call comes at opening. */
export const askCallback = (number: string, matter: string, lang: Lang): Promise<void> =>
  attempt(async () => {
    const { contact } = get();
    const made = contact ? null : await begin(matter, lang, number);
    const promised = made?.state.state === "callback_promised" ? made.state : null;
    const key = contact ?? made;
    if (key) hear(promised ?? (await leaveNumber(key, number)));
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
  forgetKey();
  set(FRESH);
}

export function joinAgain(): void {
  const { contact, state } = get();
  if (contact && state) openLine(freshDoor(contact), "contact", sealOf(contact, state));
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
  if (!state || isOver(state)) return forgetKey();
  set({ contact, step: "in_call" });
  openLine(freshDoor(contact), "contact", sealOf(contact, state));
  hear(state);
}

/** Keeps the state fresh until the returned function is called. */
export function attend(): () => void {
  const kept = keptKey();
  if (kept && !get().contact) void comeBack(kept);
  const timer = setInterval(() => void poll(), POLL_MS);
  return () => clearInterval(timer);
}
