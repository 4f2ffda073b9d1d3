/** News of the floor. Nothing depends on one arriving: each is only a reason to read the snapshot again. */
import type { SocketTicket } from "@/lib/contract";

export const HEARTBEAT_MS = 5_000;
/** Two heartbeats without an answer: the connection is dead though nobody said so. */
const SILENCE_MS = 12_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_LAST_MS = 15_000;

export type SocketState = "connecting" | "open" | "waiting" | "closed";

export interface SocketPorts {
  askTicket: () => Promise<SocketTicket>;
  connect: (url: string, protocols: string[]) => WebSocket;
  versions: () => { agent: number; contact: number };
  onStale: () => void;
  onState: (state: SocketState) => void;
  chance: () => number;
}

/** Pause before try number `attempt` (0 = the first), ms: doubling, capped, spread by half so that a thousand pages do not return at once. */
export function backoff(attempt: number, chance: number): number {
  const full = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
  return Math.round(full * (0.5 + chance / 2));
}

export class FloorSocket {
  #ports: SocketPorts;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #heardAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(ports: SocketPorts) {
    this.#ports = ports;
  }

  async open(): Promise<void> {
    this.#ports.onState("connecting");
    try {
      const { url, ticket } = await this.#ports.askTicket();
      if (this.#closed) return;
      this.#listen(this.#ports.connect(url, ["hearthline", ticket]));
    } catch {
      this.#again();
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#pulse);
    this.#socket?.close(1000);
    this.#ports.onState("closed");
  }

  /** Do not sit out the pause: the network is back, or the page is looked at again. */
  hurry(): void {
    if (this.#closed || this.#socket || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.open();
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", (event) => this.#heard(String(event.data)));
    socket.addEventListener("close", () => this.#lost(socket));
  }

  #opened(socket: WebSocket): void {
    this.#attempt = 0;
    this.#heardAt = Date.now();
    this.#ports.onState("open");
    this.#ports.onStale();
    this.#beat(socket);
    this.#pulse = setInterval(() => this.#beat(socket), HEARTBEAT_MS);
  }

  #beat(socket: WebSocket): void {
    if (Date.now() - this.#heardAt > SILENCE_MS) {
      socket.close(4000);
      this.#lost(socket);
      return;
    }
    socket.send(JSON.stringify({ type: "heartbeat", versions: this.#ports.versions() }));
  }

  #heard(text: string): void {
    this.#heardAt = Date.now();
    // signed_out: the snapshot will be refused, and the page shows the sign-in.
    if (/"type"\s*:\s*"(news|behind|signed_out)"/.test(text)) this.#ports.onStale();
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    clearInterval(this.#pulse);
    if (!this.#closed) this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    this.#ports.onState("waiting");
    const pause = backoff(this.#attempt++, this.#ports.chance());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.open();
    }, pause);
  }
}
