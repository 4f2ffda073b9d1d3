/** The one line of this page: microphone, edge, loudspeaker, counters. Shared by the workspace and the caller's page. */
import { create } from "zustand";
import type { Door } from "@/lib/contract";
import { countersOf, qualityBetween, SILENT, type Counters, type Quality } from "@/lib/quality";
import { joinEdge, LegRefusedError, type WhipSession } from "@/lib/whip";

export type LinePhase = "none" | "joining" | "live" | "rejoining" | "no_microphone" | "failed";

export interface LineState {
  phase: LinePhase;
  muted: boolean;
  deaf: boolean;
  quality: Quality;
  /** The browser's name of the microphone in use, null when there is none. */
  device: string | null;
}

const QUIET: LineState = { phase: "none", muted: false, deaf: false, quality: SILENT, device: null };
const SAMPLE_MS = 1_000;
/** "disconnected" heals by itself within a moment, or not at all. */
const PATIENCE_MS = 1_000;

export const useLine = create<LineState>()(() => QUIET);

export const MICROPHONE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

function loudspeaker(): HTMLAudioElement {
  const known = document.querySelector<HTMLAudioElement>("audio#line");
  if (known) return known;
  const made = Object.assign(document.createElement("audio"), { id: "line", autoplay: true });
  document.body.append(made);
  return made;
}

class Line {
  #openDoor: () => Promise<Door>;
  #microphone: MediaStream | null = null;
  #session: WhipSession | null = null;
  #closed = false;
  #sampler: ReturnType<typeof setInterval> | undefined;
  #before: Counters | null = null;

  constructor(openDoor: () => Promise<Door>) {
    this.#openDoor = openDoor;
  }

  async open(): Promise<void> {
    useLine.setState({ ...QUIET, phase: "joining" });
    try {
      this.#microphone = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
    } catch {
      if (!this.#closed) useLine.setState({ phase: "no_microphone" });
      return;
    }
    if (this.#closed) return this.#dropMicrophone();
    useLine.setState({ device: this.#microphone.getAudioTracks()[0]?.label ?? null });
    this.applyMute();
    await this.#join();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sampler);
    window.removeEventListener("online", this.#rejoin);
    this.#dropMicrophone();
    loudspeaker().srcObject = null;
    await this.#session?.leave();
  }

  applyMute(): void {
    this.#microphone?.getAudioTracks().forEach((track) => (track.enabled = !useLine.getState().muted));
  }

  #dropMicrophone(): void {
    this.#microphone?.getTracks().forEach((track) => track.stop());
  }

  async #join(): Promise<void> {
    const track = this.#microphone?.getAudioTracks()[0];
    if (!track) return;
    try {
      const session = await joinEdge(track, (sound) => (loudspeaker().srcObject = new MediaStream([sound])), {
        openDoor: this.#openDoor,
        fetch: (input, init) => fetch(input, init),
        createPeer: () => new RTCPeerConnection(),
      });
      if (this.#closed) return void session.leave();
      this.#watch(session);
    } catch (error) {
      if (this.#closed) return;
      useLine.setState({ phase: "failed" });
      if (!(error instanceof LegRefusedError)) setTimeout(this.#rejoin, PATIENCE_MS);
    }
  }

  #watch(session: WhipSession): void {
    this.#session = session;
    this.#before = null;
    session.peer.addEventListener("connectionstatechange", () => this.#changed(session));
    this.#changed(session);
    clearInterval(this.#sampler);
    this.#sampler = setInterval(() => void this.#sample(session), SAMPLE_MS);
    window.addEventListener("online", this.#rejoin);
  }

  #changed(session: WhipSession): void {
    if (this.#closed || this.#session !== session) return;
    const state = session.peer.connectionState;
    if (state === "connected") useLine.setState({ phase: "live" });
    if (state === "failed") this.#rejoin();
    if (state === "disconnected") setTimeout(() => session.peer.connectionState === "disconnected" && this.#rejoin(), PATIENCE_MS);
  }

  /** A new leg with the same microphone; the edge lets it replace the old one. */
  #rejoin = (): void => {
    if (this.#closed || useLine.getState().phase === "rejoining") return;
    useLine.setState({ phase: "rejoining", quality: SILENT });
    const old = this.#session;
    this.#session = null;
    void old?.leave();
    void this.#join();
  };

  async #sample(session: WhipSession): Promise<void> {
    if (this.#session !== session || session.peer.connectionState === "closed") return;
    const report = await session.peer.getStats();
    const counters = countersOf(report.values() as Iterable<RTCStats>);
    useLine.setState({ quality: qualityBetween(this.#before, counters) });
    this.#before = counters;
  }
}

let line: Line | null = null;

/** Opens the line for one contact; `openDoor` is asked for a fresh token before each try. An older line is closed first. */
export function openLine(openDoor: () => Promise<Door>): void {
  void line?.close();
  line = new Line(openDoor);
  void line.open();
}

/** Ends the leg, frees the microphone. */
export function closeLine(): void {
  void line?.close();
  line = null;
  useLine.setState(QUIET);
}

export function setMuted(muted: boolean): void {
  useLine.setState({ muted });
  line?.applyMute();
}

/** Silences or opens the loudspeaker of this page; the other side notices nothing. */
export function setDeaf(deaf: boolean): void {
  useLine.setState({ deaf });
  loudspeaker().muted = deaf;
}
