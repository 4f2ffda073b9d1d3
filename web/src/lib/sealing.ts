/** The two ends of a sealed line: what seals our frames, and what opens theirs, each of them once. */
import { frameKey, NotOurFrameError, open, OURS, readHeader, seal, type Bytes, type FrameKey } from "@/lib/sframe";

/** Frames that may come late, or again as copies: 2.5 s of them. */
const WINDOW = 128n;

/** Seals with a counter that goes on for as long as the key is used, whichever connection carries the frames. */
export class Sealer {
  readonly #key: FrameKey;
  #next = 0n;

  constructor(key: FrameKey) {
    this.#key = key;
  }

  seal(plain: Bytes): Promise<Bytes> {
    // Taken before anything is waited for: two frames never get one counter.
    return seal(this.#key, this.#next++, plain);
  }
}

/** Which counters were opened of late: none is heard twice, and none that is older than the window. */
export class Window {
  readonly #seen = new Set<bigint>();
  readonly #since: bigint;
  #newest = -1n;

  /** Nothing from before `since` is taken. */
  constructor(since = 0n) {
    this.#since = since;
  }

  isNew(ctr: bigint): boolean {
    return ctr >= this.#since && ctr + WINDOW > this.#newest && !this.#seen.has(ctr);
  }

  opened(ctr: bigint): void {
    this.#seen.add(ctr);
    if (ctr <= this.#newest) return;
    this.#newest = ctr;
    for (const old of this.#seen) if (old + WINDOW <= ctr) this.#seen.delete(old);
  }
}

/** Opens frames of one sender. Each connection has a window of its own, for each brings every frame. */
export class Opener {
  readonly #key: FrameKey;
  #newest = -1n;

  constructor(key: FrameKey) {
    this.#key = key;
  }

  /** For a connection that begins now: what was heard long before is not heard again there. */
  window(): Window {
    return new Window(this.#newest < WINDOW ? 0n : this.#newest - WINDOW);
  }

  /** Null for what is not theirs, was changed, or was opened before. */
  async open(sealed: Bytes, window: Window): Promise<Bytes | null> {
    try {
      const { ctr } = readHeader(sealed);
      if (!window.isNew(ctr)) return null;
      const plain = await open(this.#key, sealed);
      if (!window.isNew(ctr)) return null;
      window.opened(ctr);
      if (ctr > this.#newest) this.#newest = ctr;
      return plain;
    } catch (error) {
      if (error instanceof NotOurFrameError) return null;
      throw error;
    }
  }
}

/** Keys of both ways, as HKDF keys; a sender's id is its place in the pair. */
export interface LineKeys {
  mine: CryptoKey;
  theirs: CryptoKey;
  caller: boolean;
}

export interface Ends {
  sealer: Sealer;
  opener: Opener;
}

export async function endsOf({ mine, theirs, caller }: LineKeys): Promise<Ends> {
  const [ours, other] = caller ? [0n, 1n] : [1n, 0n];
  return { sealer: new Sealer(await frameKey(OURS, ours, mine)), opener: new Opener(await frameKey(OURS, other, theirs)) };
}

/** Before a key is agreed: frames that nobody opens, so that nothing is said in the clear and the way is watched all the same. */
export async function closedEnds(): Promise<Ends> {
  const [mine, theirs] = await Promise.all([0, 0].map(() => crypto.subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveBits"])));
  return endsOf({ mine, theirs, caller: true } as LineKeys);
}
