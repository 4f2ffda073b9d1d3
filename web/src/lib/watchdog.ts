/**
 * Notices that nothing comes any more. The edge sends something every 100 ms even in silence, so a path that brings
 * nothing for longer is dead, long before the browser says so (it takes some six seconds).
 */

/** Packets of the path in use, as `getStats()` counts them: media, reports, answers to checks. */
export function packetsOf(report: Iterable<{ type: string; nominated?: boolean; packetsReceived?: number }>): number {
  let found = 0;
  for (const stat of report) if (stat.type === "candidate-pair" && stat.nominated) found += stat.packetsReceived ?? 0;
  return found;
}

export const LOOK_MS = 60;
/** Three packets missed in silence, fifteen in speech. */
const DEAD_MS = 300;
/** A page that was not given time itself (frozen, asleep, busy) has seen nothing, and may not judge. */
const BLIND_MS = 300;
/** So long a new connection is given before the next is tried. */
const REST_MS = 2_500;

export class Watchdog {
  #packets = -1;
  #changedAt = 0;
  #lookedAt = -Infinity;
  #restUntil = 0;

  /** Whether the path brought something a moment ago. */
  alive(now: number): boolean {
    return this.#packets > 0 && now - this.#changedAt < DEAD_MS && now - this.#lookedAt < BLIND_MS;
  }

  /** Whether the path is dead now. Once it has said so it is quiet for a while. */
  look(packets: number, now: number): boolean {
    const blind = now - this.#lookedAt > BLIND_MS;
    this.#lookedAt = now;
    if (packets !== this.#packets || blind) {
      this.#packets = packets;
      this.#changedAt = now;
    }
    if (now - this.#changedAt < DEAD_MS || now < this.#restUntil || packets === 0) return false;
    this.#restUntil = now + REST_MS;
    return true;
  }
}
