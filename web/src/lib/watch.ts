/**
 * A supervisor on a call: one call at a time, one leg, and a microphone that is open only while somebody shall hear it.
 *
 * Towards fewer ears the microphone closes before the edge is told, towards more it opens after the edge has agreed.
 */
import { create } from "zustand";
import { api, Refused, take } from "@/lib/api";
import type { Bilingual, Door, TeamCall, WatchMode } from "@/lib/contract";
import { Leg, type LegPhase } from "@/lib/leg";
import { MICROPHONE } from "@/lib/line";

export interface WatchState {
  /** As it was when it was joined; null for none. */
  call: TeamCall | null;
  mode: WatchMode;
  phase: LegPhase;
  /** A change is on its way. */
  busy: boolean;
  problem: Bilingual | "over" | "no_microphone" | null;
}

const NOWHERE: WatchState = { call: null, mode: "listen", phase: "joining", busy: false, problem: null };
/** What the API says when there is nothing to join any more. */
const FINAL = new Set(["not_now", "not_found", "contact_not_yours", "watched_enough", "not_your_role", "sign_in_first"]);

export const useWatch = create<WatchState>()(() => NOWHERE);

let leg: Leg | null = null;

const speaks = (mode: WatchMode): boolean => mode !== "listen";
const isOver = (error: unknown): error is Refused => error instanceof Refused && FINAL.has(error.code);
const explained = (error: unknown): WatchState["problem"] => (error instanceof Refused ? error.text : "no_microphone");

function loudspeaker(): HTMLAudioElement {
  const known = document.querySelector<HTMLAudioElement>("audio#watch");
  if (known) return known;
  const made = Object.assign(document.createElement("audio"), { id: "watch", autoplay: true });
  document.body.append(made);
  return made;
}

async function openMicrophone(): Promise<MediaStreamTrack | null> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
  return stream.getAudioTracks()[0] ?? null;
}

/** Goes on a call, or changes how one is on it. */
export async function watch(call: TeamCall, mode: WatchMode): Promise<void> {
  const now = useWatch.getState();
  if (now.busy || (now.call?.contact === call.contact && now.mode === mode)) return;
  useWatch.setState({ busy: true, problem: null });
  try {
    await (now.call?.contact === call.contact && leg ? change(call.contact, mode) : join(call, mode));
  } catch (error) {
    if (isOver(error)) drop(error.text);
    else useWatch.setState({ problem: explained(error) });
  } finally {
    useWatch.setState({ busy: false });
  }
}

async function join(call: TeamCall, mode: WatchMode): Promise<void> {
  const track = speaks(mode) ? await openMicrophone() : null;
  await leave();
  const made: Leg = new Leg(() => door(made, call.contact), loudspeaker(), (told) => leg === made && told.phase && useWatch.setState({ phase: told.phase }));
  leg = made;
  useWatch.setState({ ...NOWHERE, call, mode, busy: true });
  await made.lend(track);
  void made.hear();
}

/** A fresh token, as this page is on the call now. Who has left meanwhile is not on it again by a late answer. */
async function door(made: Leg, contact: string): Promise<Door> {
  if (leg !== made) throw new Error("left");
  const body = { mode: useWatch.getState().mode };
  try {
    const { door } = await take(api.POST("/api/team/calls/{id}/watch", { params: { path: { id: contact } }, body }));
    if (leg !== made && useWatch.getState().call?.contact !== contact) void off(contact);
    return door;
  } catch (error) {
    if (leg === made && isOver(error)) drop(error.code === "not_now" ? "over" : error.text);
    throw error;
  }
}

async function change(contact: string, mode: WatchMode): Promise<void> {
  const here = leg;
  const from = useWatch.getState().mode;
  const track = speaks(mode) && !speaks(from) ? await openMicrophone() : null;
  if (!speaks(mode)) await here?.lend(null);
  try {
    await take(api.POST("/api/team/calls/{id}/watch/mode", { params: { path: { id: contact } }, body: { mode } }));
  } catch (error) {
    track?.stop();
    throw error;
  }
  if (leg !== here) return track?.stop();
  if (track) await here?.lend(track);
  useWatch.setState({ mode });
}

/** Off the call; `problem` says why, where it was not asked for. */
function drop(problem: WatchState["problem"]): void {
  void leg?.close();
  leg = null;
  useWatch.setState({ ...NOWHERE, problem });
}

/** Leaves the call; the sound and the microphone are off at once. */
export async function leave(): Promise<void> {
  const { call } = useWatch.getState();
  if (!call) return;
  drop(null);
  await off(call.contact);
}

async function off(contact: string): Promise<void> {
  await api.POST("/api/team/calls/{id}/watch/leave", { params: { path: { id: contact } }, keepalive: true }).catch(() => undefined);
}

/** The call is no longer among those that go on. */
export const callEnded = (): void => drop("over");

export const dismissProblem = (): void => useWatch.setState({ problem: null });
