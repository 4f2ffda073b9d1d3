/** How far each media edge is from this page: measured here, told to the service, which chooses where a call meets. */

export interface Place {
  name: string;
  probe: string;
}

/** The first request of each opens the connection; what counts is the fastest of those behind it. */
const TRIES = 3;
const TIMEOUT_MS = 2_000;

/** By name, ms; an edge that does not answer is left out. One after the other, so that none waits for another. */
export async function measure(places: readonly Place[], ask: typeof fetch = (input, init) => fetch(input, init), now = () => performance.now()): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const place of places) {
    const taken = await roundTrip(place.probe, ask, now);
    if (taken !== null) found[place.name] = Math.round(taken);
  }
  return found;
}

async function roundTrip(probe: string, ask: typeof fetch, now: () => number): Promise<number | null> {
  let best: number | null = null;
  for (let n = 0; n < TRIES; n++) {
    const begun = now();
    const answer = await ask(probe, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
    if (!answer?.ok) return null;
    if (n > 0) best = Math.min(best ?? Infinity, now() - begun);
  }
  return best;
}
