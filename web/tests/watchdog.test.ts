import { describe, expect, it } from "vitest";
import { packetsOf, Watchdog } from "@/lib/watchdog";

/** Looks every 100 ms; `brings` says how many packets have come by then. When it barked. */
function barks(ms: number, brings: (at: number) => number, looks: (at: number) => boolean = () => true): number[] {
  const dog = new Watchdog();
  const found: number[] = [];
  for (let at = 0; at <= ms; at += 100) if (looks(at) && dog.look(brings(at), at)) found.push(at);
  return found;
}

describe("the watchdog of a line", () => {
  it("is quiet while a packet comes every 100 ms, and while nothing has come at all", () => {
    expect(barks(10_000, (at) => 5 + at / 100)).toEqual([]);
    expect(barks(10_000, () => 0)).toEqual([]);
  });

  it("barks once 300 ms after the last packet, and again only when a new connection had its time", () => {
    const found = barks(6_000, (at) => Math.min(30, 10 + at / 100));
    expect(found).toEqual([2_300, 4_800]);
  });

  it("does not judge what it has not seen: a page that was frozen for a minute", () => {
    const frozen = (at: number) => at > 1_000 && at < 61_000;
    const packets = (at: number) => 10 + at / 100;
    expect(barks(70_000, packets, (at) => !frozen(at))).toEqual([]);
  });

  it("knows whether the path is alive only while it looks and something comes", () => {
    const dog = new Watchdog();
    expect(dog.alive(0)).toBe(false);
    for (let at = 0; at <= 500; at += 100) dog.look(7 + at, at);
    expect([dog.alive(600), dog.alive(900)]).toEqual([true, false]);
    for (let at = 900; at <= 1_400; at += 100) dog.look(507, at);
    expect(dog.alive(1_450)).toBe(false);
  });

  it("counts the path in use only", () => {
    const report = [
      { type: "candidate-pair", nominated: true, packetsReceived: 7 },
      { type: "candidate-pair", nominated: false, packetsReceived: 100 },
      { type: "inbound-rtp", packetsReceived: 50 },
    ];
    expect(packetsOf(report)).toBe(7);
  });
});
