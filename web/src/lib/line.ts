/**
 * The sound of this page: one microphone and up to two legs. Shared by the workspace and the caller's page.
 *
 * `contact` is the room where the customer is, `consult` the one where two agents talk apart. The microphone is heard in
 * one room only: where two talk apart the customer's room gets silence, whatever the edge does with it.
 */
import { create } from "zustand";
import type { Door } from "@/lib/contract";
import { Leg, type LegPhase, type LegState } from "@/lib/leg";
import { SILENT, type Quality } from "@/lib/quality";
import { holdSeal, type SealOrder } from "@/lib/seal";

export type LegName = "contact" | "consult";
export type LinePhase = "none" | LegPhase;

export interface LineState {
  /** Of the leg that is spoken in. */
  phase: LinePhase;
  quality: Quality;
  legs: Partial<Record<LegName, LegState>>;
  muted: boolean;
  deaf: boolean;
  /** The browser's name of the microphone in use, null when there is none. */
  device: string | null;
}

const QUIET: LineState = { phase: "none", quality: SILENT, legs: {}, muted: false, deaf: false, device: null };
const NEW_LEG: LegState = { phase: "joining", quality: SILENT };
const NAMES = ["contact", "consult"] as const;

export const useLine = create<LineState>()(() => QUIET);

export const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

const legs = new Map<LegName, Leg>();
const seals = new Map<LegName, () => void>();
let microphone: Promise<MediaStream> | null = null;

function loudspeaker(name: LegName): HTMLAudioElement {
  const id = name === "contact" ? "line" : `line-${name}`;
  const known = document.querySelector<HTMLAudioElement>(`audio#${id}`);
  if (known) return known;
  const made = Object.assign(document.createElement("audio"), { id, autoplay: true });
  document.body.append(made);
  return made;
}

function openMicrophone(): Promise<MediaStream> {
  microphone ??= navigator.mediaDevices.getUserMedia({ audio: MICROPHONE }).then((stream) => {
    const track = stream.getAudioTracks()[0];
    useLine.setState({ device: track?.label ?? null });
    track?.addEventListener("ended", () => void plugAgain(), { once: true });
    return stream;
  });
  return microphone;
}

function forget(refused: Promise<MediaStream>): void {
  if (microphone === refused) microphone = null;
}

/** The microphone was unplugged: the next one there is is taken, now or as soon as one is plugged in. */
async function plugAgain(): Promise<void> {
  if (legs.size === 0) return;
  microphone = null;
  useLine.setState({ device: null });
  const opened = openMicrophone();
  try {
    const stream = await opened;
    legs.forEach((leg) => void leg.speakInto(stream));
  } catch {
    forget(opened);
    navigator.mediaDevices.addEventListener("devicechange", () => void plugAgain(), { once: true });
  }
}

/** One leg may follow another in the same moment: then the microphone stays open, and who is muted stays muted. */
function restIfUnused(): void {
  queueMicrotask(() => {
    if (legs.size > 0) return;
    useLine.setState(QUIET);
    setDeaf(false);
    void microphone?.then((stream) => stream.getTracks().forEach((track) => track.stop())).catch(() => undefined);
    microphone = null;
  });
}

function tell(name: LegName, leg: Leg, change: Partial<LegState>): void {
  if (legs.get(name) !== leg) return;
  const known = useLine.getState().legs;
  show({ ...known, [name]: { ...NEW_LEG, ...known[name], ...change } });
}

function show(known: LineState["legs"]): void {
  const front = known.consult ?? known.contact;
  useLine.setState({ legs: known, phase: front?.phase ?? "none", quality: front?.quality ?? SILENT });
}

function speakInOneRoom(): void {
  const { muted } = useLine.getState();
  const front = legs.has("consult") ? "consult" : "contact";
  NAMES.forEach((name) => legs.get(name)?.speak(!muted && name === front));
}

/**
 * Opens a leg; `openDoor` is asked for a fresh token before each try. An older one of that name is closed first. With
 * `seal` the edge forwards what it cannot hear.
 */
export function openLine(openDoor: () => Promise<Door>, name: LegName = "contact", seal: SealOrder | null = null): void {
  closeLine(name);
  const leg: Leg = new Leg(openDoor, loudspeaker(name), (change) => tell(name, leg, change), seal?.contact ?? null);
  legs.set(name, leg);
  if (seal) seals.set(name, holdSeal(seal));
  speakInOneRoom();
  const opened = openMicrophone();
  // A refusal is no last word: the next try asks again.
  opened.catch(() => forget(opened));
  void leg.open(opened);
}

/** Joins the same room through another door, without a gap; opens the leg when there is none. */
export function renewLine(openDoor: () => Promise<Door>, name: LegName): void {
  const leg = legs.get(name);
  if (leg) leg.renew(openDoor);
  else openLine(openDoor, name);
}

/** Ends a leg; the last one frees the microphone. */
export function closeLine(name: LegName = "contact"): void {
  void legs.get(name)?.close();
  legs.delete(name);
  seals.get(name)?.();
  seals.delete(name);
  show(Object.fromEntries(Object.entries(useLine.getState().legs).filter(([each]) => each !== name)));
  speakInOneRoom();
  restIfUnused();
}

export function setMuted(muted: boolean): void {
  useLine.setState({ muted });
  speakInOneRoom();
}

/** A key of the telephone, heard in the room that is spoken in, muted or not. */
export function pressKey(digit: string): void {
  legs.get(legs.has("consult") ? "consult" : "contact")?.press(digit);
}

/** Silences or opens the loudspeaker of this page; the other side notices nothing. */
export function setDeaf(deaf: boolean): void {
  useLine.setState({ deaf });
  NAMES.forEach((name) => (loudspeaker(name).muted = deaf));
}
