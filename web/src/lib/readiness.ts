/** Checks of this computer that can truly run before sign-in. Each gives what was measured, nothing is guessed. */
import { MICROPHONE } from "@/lib/line";

export const ROUND_TRIPS = 5;
export const ROUND_TRIP_LIMIT_MS = 400;
export const CLOCK_LIMIT_MS = 2_000;
/** Speech into a headset peaks above this; a dead input stays below. */
export const SPEECH_FLOOR_DBFS = -50;
export const NOISE_LIMIT_DBFS = -45;
const LISTEN_MS = 3_000;
const FRAME_MS = 50;
const SILENCE_DBFS = -100;

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Decibels relative to full scale of one block of samples in -1..1. */
export function dbfs(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return rms === 0 ? SILENCE_DBFS : Math.max(SILENCE_DBFS, 20 * Math.log10(rms));
}

/** Names what a call needs and this browser lacks; by phone the sound needs nothing here. */
export function lacking(byPhone = false): string[] {
  const needs: [string, boolean][] = [
    ["HTTPS", globalThis.isSecureContext],
    ["WebSocket", typeof WebSocket === "function"],
    ...(byPhone ? [] : soundNeeds()),
  ];
  return needs.filter(([, there]) => !there).map(([name]) => name);
}

function soundNeeds(): [string, boolean][] {
  return [
    ["WebRTC", typeof RTCPeerConnection === "function"],
    ["getUserMedia", typeof (navigator as Partial<Navigator>).mediaDevices?.getUserMedia === "function"],
    ["Web Audio", typeof AudioContext === "function"],
  ];
}

/** Name and main version of this browser, as far as it tells. */
export function browserName(agent: string = navigator.userAgent): string {
  for (const [name, pattern] of [["Edge", /Edg\/(\d+)/], ["Chrome", /Chrome\/(\d+)/], ["Firefox", /Firefox\/(\d+)/], ["Safari", /Version\/(\d+).*Safari/]] as const) {
    const found = pattern.exec(agent);
    if (found) return `${name} ${found[1] ?? ""}`;
  }
  return "—";
}

export interface ServiceAnswer {
  version: string;
  roundTripMs: number;
  /** Local clock minus the server's, ms; its header has whole seconds. Null when the header is missing. */
  clockOffsetMs: number | null;
}

async function askOnce(): Promise<ServiceAnswer> {
  const before = performance.now();
  const response = await fetch("/api/health", { cache: "no-store" });
  const roundTripMs = performance.now() - before;
  if (!response.ok) throw new Error(`health ${response.status}`);
  const date = Date.parse(response.headers.get("Date") ?? "");
  const { version } = (await response.json()) as { version: string };
  // The header is cut to the second: on average the server is half a second further.
  return { version, roundTripMs, clockOffsetMs: Number.isNaN(date) ? null : Date.now() - roundTripMs / 2 - (date + 500) };
}

/** Asks the service a few times, one after the other. Throws when it does not answer. */
export async function askService(): Promise<ServiceAnswer> {
  const answers: ServiceAnswer[] = [];
  for (let i = 0; i < ROUND_TRIPS; i++) answers.push(await askOnce());
  const offsets = answers.flatMap((each) => (each.clockOffsetMs === null ? [] : [each.clockOffsetMs]));
  return {
    version: answers[0]?.version ?? "",
    roundTripMs: median(answers.map((each) => each.roundTripMs)),
    clockOffsetMs: offsets.length > 0 ? median(offsets) : null,
  };
}

export interface MicrophoneTake {
  label: string;
  peakDbfs: number;
  noiseDbfs: number;
}

/** Listens for three seconds; `onLevel` gets the level (dBFS) of each 50 ms. Throws what getUserMedia throws. */
export async function listen(onLevel: (dbfs: number) => void): Promise<MicrophoneTake> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...MICROPHONE, autoGainControl: false } });
  const context = new AudioContext();
  try {
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(stream).connect(analyser);
    const block = new Float32Array(analyser.fftSize);
    const levels: number[] = [];
    for (let spent = 0; spent < LISTEN_MS; spent += FRAME_MS) {
      await new Promise((done) => setTimeout(done, FRAME_MS));
      analyser.getFloatTimeDomainData(block);
      levels.push(dbfs(block));
      onLevel(levels.at(-1) ?? SILENCE_DBFS);
    }
    return { label: stream.getAudioTracks()[0]?.label ?? "", ...judge(levels) };
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    await context.close();
  }
}

/** Peak, and the tenth part of the take that is quietest. The first frames are the device waking up. */
export function judge(levels: readonly number[]): { peakDbfs: number; noiseDbfs: number } {
  const awake = levels.slice(4).sort((a, b) => a - b);
  return { peakDbfs: Math.round(awake.at(-1) ?? SILENCE_DBFS), noiseDbfs: Math.round(awake[Math.floor(awake.length / 10)] ?? SILENCE_DBFS) };
}

/** Whether the microphone may be used without asking the person. */
export async function microphoneAllowed(): Promise<"granted" | "prompt" | "denied"> {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state;
  } catch {
    return "prompt"; // Firefox before 132 does not tell
  }
}
