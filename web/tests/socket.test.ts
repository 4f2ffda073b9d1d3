import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff, FloorSocket, HEARTBEAT_MS, type SocketState } from "@/lib/socket";

class Wire extends EventTarget {
  sent: string[] = [];
  constructor(readonly protocols: string[]) {
    super();
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.dispatchEvent(new Event("close"));
  }
  open() {
    this.dispatchEvent(new Event("open"));
  }
  say(message: object) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

function desk() {
  const wires: Wire[] = [];
  const states: SocketState[] = [];
  const seen = { stale: 0, tickets: 0 };
  const socket = new FloorSocket({
    askTicket: () => Promise.resolve({ url: "ws://desk/socket", ticket: `t${++seen.tickets}`, expires_at: 0 }),
    connect: (_, protocols) => {
      const wire = new Wire(protocols);
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
    versions: () => ({ agent: 7, contact: 4 }),
    onStale: () => seen.stale++,
    onState: (state) => states.push(state),
    chance: () => 1,
  });
  return { socket, wires, states, seen };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("news of the floor", () => {
  it("carries the one-use ticket as a subprotocol, never in the address", async () => {
    const { socket, wires } = desk();
    await socket.open();
    expect(wires[0]?.protocols).toEqual(["hearthline", "t1"]);
  });

  it("reads the floor on connecting, on news and when it is behind, and not on ok", async () => {
    const { socket, wires, seen } = desk();
    await socket.open();
    wires[0]?.open();
    wires[0]?.say({ type: "news", event: "ContactOffered", version: 8 });
    wires[0]?.say({ type: "behind" });
    wires[0]?.say({ type: "ok" });
    expect(seen.stale).toBe(3);
  });

  it("tells every five seconds which versions it has seen", async () => {
    const { socket, wires } = desk();
    await socket.open();
    wires[0]?.open();
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(wires[0]?.sent.map((text) => JSON.parse(text) as unknown)).toEqual(Array(2).fill({ type: "heartbeat", versions: { agent: 7, contact: 4 } }));
  });

  it("comes back with a new ticket after the connection is lost", async () => {
    const { socket, wires, states } = desk();
    await socket.open();
    wires[0]?.open();
    wires[0]?.close();
    await vi.advanceTimersByTimeAsync(500);
    expect(wires[1]?.protocols).toEqual(["hearthline", "t2"]);
    expect(states).toEqual(["connecting", "open", "waiting", "connecting"]);
  });

  it("gives up a connection that stopped answering", async () => {
    const { socket, wires } = desk();
    await socket.open();
    wires[0]?.open();
    await vi.advanceTimersByTimeAsync(4 * HEARTBEAT_MS);
    expect(wires.length).toBe(2);
  });

  it("does not wait out the pause when the network is back", async () => {
    const { socket, wires } = desk();
    await socket.open();
    wires[0]?.close();
    socket.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(wires.length).toBe(2);
  });

  it("stays closed once closed", async () => {
    const { socket, wires } = desk();
    await socket.open();
    socket.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(wires.length).toBe(1);
  });

  it("doubles the pause up to fifteen seconds and spreads it", () => {
    expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000, 15_000]);
    expect(backoff(2, 0)).toBe(1000);
  });
});
