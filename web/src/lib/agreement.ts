/**
 * How two pages agree on keys that nobody between them has: P-256 in this page, the public halves carried by the API.
 * The caller commits to a key before seeing the agent's (RFC 6189 section 4.4.1.1), so that a short number, compared aloud,
 * tells whether somebody put keys of his own between. Each key lives for one round.
 */
import type { LineKeys } from "@/lib/sealing";
import { joined, type Bytes } from "@/lib/sframe";

/** The round as the API tells it. */
export interface Round {
  commitment: string | null;
  caller_key: string | null;
  agent_key: string | null;
}
export interface Saying {
  commitment: string | null;
  key: string | null;
}
export type Say = (mine: Saying) => Promise<Round>;
export interface Agreed {
  keys: LineKeys;
  /** Six digits that both pages show. */
  number: string;
}
/** "broken": what came is not what was committed to. */
export type Step = Agreed | "agreeing" | "kept" | "broken";

/** One page's part. A step says what this page has and takes in what the other has. */
export interface Part {
  step: () => Promise<Step>;
}

const CURVE: EcKeyImportParams = { name: "ECDH", namedCurve: "P-256" };
const text = (words: string): Bytes => new TextEncoder().encode(words);
const coded = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const plain = (code: string): Bytes => Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const digest = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
/** What is published before the key: SHA-256 of its bytes. */
export const commitmentTo = async (key: string): Promise<string> => coded(await digest(plain(key)));

interface Pair {
  secret: CryptoKey;
  shown: string;
}

async function newPair(): Promise<Pair> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  return { secret: privateKey, shown: coded(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey))) };
}

/** Both pages draw the same from the same two keys; `contact` and both keys are part of it. */
async function agree(contact: string, secret: CryptoKey, callerKey: string, agentKey: string, caller: boolean): Promise<Agreed> {
  const theirs = await crypto.subtle.importKey("raw", plain(caller ? agentKey : callerKey), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, secret, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  const salt = await digest(joined(text(contact), plain(callerKey), plain(agentKey)));
  const drawn = (what: string) => crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: text(`hearthline seal 1 ${what}`) }, base, 256);
  const keyOf = async (what: string) => crypto.subtle.importKey("raw", await drawn(what), "HKDF", false, ["deriveBits"]);
  const [ofCaller, ofAgent] = [await keyOf("caller"), await keyOf("agent")];
  const number = new DataView(await drawn("number")).getUint32(0) % 1_000_000;
  const keys = caller ? { mine: ofCaller, theirs: ofAgent, caller } : { mine: ofAgent, theirs: ofCaller, caller };
  return { keys, number: String(number).padStart(6, "0").replace(/(..)(..)(..)/, "$1 $2 $3") };
}

/** Shows its key once, to the first agent's key that answers its commitment; another agent's key asks for another round. */
export class CallerPart implements Part {
  #own: (Pair & { commitment: string }) | null = null;
  #answer: string | null = null;

  constructor(
    private readonly contact: string,
    private readonly say: Say,
  ) {}

  async step(): Promise<Step> {
    const own = (this.#own ??= await committed());
    const shown = this.#answer === null ? null : own.shown;
    const { agent_key: answer } = await this.say({ commitment: own.commitment, key: shown });
    if (answer === null) return "agreeing";
    if (this.#answer === null) {
      this.#answer = answer;
      await this.say({ commitment: own.commitment, key: own.shown });
      return agree(this.contact, own.secret, own.shown, answer, true);
    }
    if (answer === this.#answer) return "kept";
    this.#own = this.#answer = null;
    return this.step();
  }
}

async function committed() {
  const pair = await newPair();
  return { ...pair, commitment: await commitmentTo(pair.shown) };
}

/** Answers each commitment with a key of its own, and takes only the caller's key that was committed to. */
export class AgentPart implements Part {
  #own: (Pair & { commitment: string }) | null = null;
  /** Agreed in this round, or it began before this page was there: then the caller's key is known already, and another follows. */
  #done = false;

  constructor(
    private readonly contact: string,
    private readonly say: Say,
  ) {}

  async step(): Promise<Step> {
    const round = await this.say({ commitment: this.#own?.commitment ?? null, key: this.#own?.shown ?? null });
    if (round.commitment === null) return "agreeing";
    const own = this.#own;
    if (round.commitment !== own?.commitment) return this.#answer(round.commitment, round.caller_key !== null);
    if (this.#done) return "kept";
    if (round.caller_key === null || round.agent_key !== own.shown) return "agreeing";
    if ((await commitmentTo(round.caller_key)) !== own.commitment) return "broken";
    this.#done = true;
    return agree(this.contact, own.secret, round.caller_key, own.shown, false);
  }

  async #answer(commitment: string, late: boolean): Promise<Step> {
    this.#own = { ...(await newPair()), commitment };
    this.#done = late;
    await this.say({ commitment, key: this.#own.shown });
    return "agreeing";
  }
}
