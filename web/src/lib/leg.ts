/** One leg of this page: a connection to one room of an edge, joined again when it is lost. Made by `line`. */
import type { Door } from "@/lib/contract";
import { countersOf, qualityBetween, SILENT, type Counters, type Quality } from "@/lib/quality";
import { Line } from "@/lib/redundancy";
import { keyTrack } from "@/lib/tone";
import { LOOK_MS, packetsOf, Watchdog } from "@/lib/watchdog";
import { joinEdge, LegRefusedError, type WhipSession } from "@/lib/whip";

export type LegPhase = "joining" | "live" | "rejoining" | "no_microphone" | "failed";

export interface LegState {
  phase: LegPhase;
  quality: Quality;
}

const SAMPLE_MS = 1_000;
/** "disconnected" heals by itself within a moment, or not at all. */
const PATIENCE_MS = 1_000;
/** So long the first way is given before relays are asked for. */
const RELAY_MS = 2_000;
/** A key and the pause behind it: what any receiver on the line takes (ITU-T Q.24). */
const KEY_MS = 100;
const KEY_GAP_MS = 70;
/** As sound a key is as long as it takes a coder to begin, and longer. */
const SEALED_KEY_MS = 200;

/** Where this page needed relays once, it knows them from the start. */
let needed: RTCIceServer[] = [];

/** Not in the types of the DOM, and not in every browser. */
const network = () => (navigator as { connection?: EventTarget & { type?: string } }).connection;

export class Leg {
  readonly #tell: (change: Partial<LegState>) => void;
  readonly #loudspeaker: HTMLAudioElement;
  readonly #sealed: string | null;
  #openDoor: () => Promise<Door>;
  #track: MediaStreamTrack | null = null;
  #speaks = false;
  #session: WhipSession | null = null;
  #former: WhipSession | null = null;
  #kind = network()?.type;
  #relayed: WhipSession | null = null;
  #rejoining = false;
  #closed = false;
  #sampler: ReturnType<typeof setInterval> | undefined;
  #watcher: ReturnType<typeof setInterval> | undefined;
  readonly #watchdog = new Watchdog();
  #before: Counters | null = null;
  #hearing = new Line();
  #keys: Promise<void> = Promise.resolve();

  /** `sealed` names the line whose frames are sealed end to end, null for none. */
  constructor(openDoor: () => Promise<Door>, loudspeaker: HTMLAudioElement, tell: (change: Partial<LegState>) => void, sealed: string | null = null) {
    this.#openDoor = openDoor;
    this.#sealed = sealed;
    this.#loudspeaker = loudspeaker;
    this.#tell = tell;
  }

  /** Joins with a track of its own, so that one leg may be silent while another speaks. */
  async open(microphone: Promise<MediaStream>): Promise<void> {
    this.#tell({ phase: "joining", quality: SILENT });
    const stream = await microphone.catch(() => null);
    if (this.#closed) return;
    const track = stream?.getAudioTracks()[0]?.clone();
    if (!track) return this.#tell({ phase: "no_microphone" });
    this.#track = track;
    this.speak(this.#speaks);
    await this.#join();
  }

  /** Joins without a microphone: hears, and says nothing until it is lent one. */
  async hear(): Promise<void> {
    this.#tell({ phase: "joining", quality: SILENT });
    await this.#join();
  }

  /** This track speaks here from now on, also after joining anew; null for silence. The former one is closed. */
  async lend(track: MediaStreamTrack | null): Promise<void> {
    const former = this.#track;
    this.#track = track;
    await this.#session?.send(track);
    if (former !== track) former?.stop();
  }

  /** Whether the microphone is heard in this room. */
  speak(on: boolean): void {
    this.#speaks = on;
    if (this.#track) this.#track.enabled = on;
  }

  /** Another microphone from now on; nothing is joined anew. */
  async speakInto(stream: MediaStream): Promise<void> {
    const track = stream.getAudioTracks()[0]?.clone();
    if (!track) return;
    track.enabled = this.#speaks;
    await this.lend(track);
  }

  /** A key of the telephone, after those still under way; false where no line can carry it. */
  press(digit: string): boolean {
    if (this.#sealed !== null) {
      this.#keys = this.#keys.then(() => this.#sound(digit)).catch(() => undefined);
      return true;
    }
    const dtmf = this.#session?.peer.getSenders()[0]?.dtmf;
    if (!dtmf?.canInsertDTMF) return false;
    dtmf.insertDTMF(dtmf.toneBuffer + digit, KEY_MS, KEY_GAP_MS);
    return true;
  }

  /** A key as sound, in the place of the microphone's: told beside the sound, it would not be sealed. */
  async #sound(digit: string): Promise<void> {
    const key = keyTrack(digit);
    if (!key) return;
    await this.#session?.send(key.track);
    await new Promise((done) => setTimeout(done, SEALED_KEY_MS));
    key.end();
    await this.#session?.send(this.#track);
    await new Promise((done) => setTimeout(done, KEY_GAP_MS));
  }

  /** Joins through another door and leaves the old place when the new one carries sound: nobody hears a gap. */
  renew(openDoor: () => Promise<Door>): void {
    this.#openDoor = openDoor;
    if (!this.#session) return;
    this.#keepUntilLive(this.#session);
    this.#session = null;
    void this.#join();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sampler);
    clearInterval(this.#watcher);
    window.removeEventListener("online", this.#moved);
    network()?.removeEventListener("change", this.#changedNetwork);
    this.#track?.stop();
    this.#loudspeaker.srcObject = null;
    await Promise.all([this.#former?.leave(), this.#session?.leave()]);
  }

  async #join(): Promise<void> {
    const track = this.#track;
    try {
      const session = await joinEdge(track, (sound) => (this.#loudspeaker.srcObject = new MediaStream([sound])), {
        openDoor: this.#openDoor,
        fetch: (input, init) => fetch(input, init),
        sealed: this.#sealed,
        createPeer: () => new RTCPeerConnection({ iceServers: needed }),
      });
      if (this.#closed) return void session.leave();
      if (this.#track !== track) await session.send(this.#track);
      this.#watch(session);
    } catch (error) {
      if (this.#closed) return;
      this.#rejoining = false;
      this.#tell({ phase: "failed" });
      if (!(error instanceof LegRefusedError) || error.mayPass) setTimeout(this.#rejoin, PATIENCE_MS);
    }
  }

  #keepUntilLive(session: WhipSession): void {
    void this.#former?.leave();
    this.#former = session;
  }

  #watch(session: WhipSession): void {
    if (this.#session) this.#keepUntilLive(this.#session);
    this.#session = session;
    this.#rejoining = false;
    this.#before = null;
    this.#hearing = new Line();
    session.peer.addEventListener("connectionstatechange", () => this.#changed(session));
    this.#changed(session);
    clearInterval(this.#sampler);
    this.#sampler = setInterval(() => void this.#sample(session), SAMPLE_MS);
    clearInterval(this.#watcher);
    this.#watcher = setInterval(() => void this.#look(session), LOOK_MS);
    window.addEventListener("online", this.#moved);
    network()?.addEventListener("change", this.#changedNetwork);
    setTimeout(() => void this.#relay(session), RELAY_MS);
  }

  /** A network that lets nothing through but to a relay. */
  async #relay(session: WhipSession): Promise<void> {
    if (this.#session !== session || session.relays.length === 0 || session.peer.connectionState === "connected") return;
    this.#relayed = session;
    await session.restart().catch(() => undefined);
  }

  #changed(session: WhipSession): void {
    if (this.#closed || this.#session !== session) return;
    const state = session.peer.connectionState;
    if (state === "connected") this.#live();
    if (state === "connected" && this.#relayed === session) needed = session.relays;
    if (state === "failed") this.#rejoin();
    if (state === "disconnected") setTimeout(() => session.peer.connectionState === "disconnected" && this.#rejoin(), PATIENCE_MS);
  }

  #live(): void {
    this.#tell({ phase: "live" });
    void this.#former?.leave();
    this.#former = null;
  }

  /** It is told of each new estimate of speed too; another kind of network is what matters. */
  #changedNetwork = (): void => {
    const kind = network()?.type;
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#moved();
  };

  /**
   * Another network. While the old way carries sound the new one is looked for behind it, and nobody hears a gap; when
   * that fails, or nothing comes any more, the leg is joined anew beside it.
   */
  #moved = (): void => {
    const session = this.#session;
    if (this.#closed || this.#rejoining || !session) return;
    if (!this.#watchdog.alive(performance.now())) return this.renew(this.#openDoor);
    session.restart().catch(() => this.#session === session && !this.#closed && this.renew(this.#openDoor));
  };

  /** A new leg with the same microphone; the edge lets it replace the old one. */
  #rejoin = (): void => {
    if (this.#closed || this.#rejoining) return;
    this.#rejoining = true;
    this.#tell({ phase: "rejoining", quality: SILENT });
    const old = this.#session;
    this.#session = null;
    void old?.leave();
    void this.#join();
  };

  /** A path that brings nothing is left for another connection; whichever carries sound first is kept. */
  async #look(session: WhipSession): Promise<void> {
    if (this.#session !== session || session.peer.connectionState !== "connected") return;
    const report = await session.peer.getStats();
    const dead = this.#watchdog.look(packetsOf(report.values() as Iterable<RTCStats>), performance.now());
    if (dead && this.#session === session && !this.#closed && !this.#rejoining) this.renew(this.#openDoor);
  }

  /** More copies of our sound, and more patience for those of theirs, as the line gets worse. */
  #protect(session: WhipSession, lostThere: number, lostHere: number): void {
    session.redundancy?.lost(lostThere);
    if (!this.#hearing.lost(lostHere)) return;
    for (const receiver of session.peer.getReceivers()) receiver.jitterBufferTarget = this.#hearing.waitMs;
  }

  async #sample(session: WhipSession): Promise<void> {
    if (this.#session !== session || session.peer.connectionState === "closed") return;
    const report = await session.peer.getStats();
    const counters = countersOf(report.values() as Iterable<RTCStats>);
    if (this.#session !== session) return;
    const quality = qualityBetween(this.#before, counters);
    this.#protect(session, counters.lostThere, (quality.loss ?? 0) / 100);
    this.#tell({ quality });
    this.#before = counters;
  }
}
