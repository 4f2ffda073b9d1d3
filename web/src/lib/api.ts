/** The API of people: typed from its own description, one idempotency key a command, refusals as one kind of error. */
import createClient from "openapi-fetch";
import type { paths } from "@/generated/api";
import type { Bilingual, Publication } from "@/lib/contract";

const RETRY_AFTER_MS = [250, 1000] as const;

/** Where something is wrong, what would fit there, or what somebody else published meanwhile. */
export type Detail = { field?: string; expected?: Bilingual; published?: Publication };

/** The server's own answer to a command it will not carry out. `code` is stable, `text` is for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Bilingual,
    readonly missing: readonly string[] = [],
    readonly detail: Detail = {},
  ) {
    super(`${status} ${code}`);
  }
}

const NO_ANSWER: Bilingual = { zh: "服务暂时没有回应，请稍后再试。", en: "The service did not answer. Please try again." };

/** A lost answer is asked for again with the same idempotency key: the command runs once however often it arrives. */
export async function persistentFetch(
  request: Request,
  send: typeof fetch = (input) => fetch(input),
  wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<Response> {
  for (const pause of RETRY_AFTER_MS) {
    try {
      return await send(request.clone());
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await wait(pause);
    }
  }
  return send(request);
}

// The idempotency key is set below for every write, so that no caller has to; other headers are given as `headers`.
type Unheaded<Operation> = Operation extends { parameters: infer P } ? Omit<Operation, "parameters"> & { parameters: Omit<P, "header"> } : Operation;
type Paths = { [P in keyof paths]: { [Method in keyof paths[P]]: Unheaded<paths[P][Method]> } };

export const api = createClient<Paths>({ baseUrl: globalThis.location.origin, fetch: (request) => persistentFetch(request) });
api.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("Idempotency-Key", crypto.randomUUID());
    return request;
  },
});

function refusal(status: number, body: unknown): Refused {
  const known = (typeof body === "object" && body !== null ? body : {}) as Partial<{ code: string; message: Bilingual; missing: string[] }> & Detail;
  const text = known.message && typeof known.message === "object" ? known.message : NO_ANSWER;
  return new Refused(status, known.code ?? "no_answer", text, known.missing ?? [], known);
}

/** The body of a good answer. Throws `Refused` for any other, also when the network fails (status 0). */
export async function take<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const got = await answer.catch((error: unknown) => {
    if (error instanceof TypeError) throw new Refused(0, "no_answer", NO_ANSWER);
    throw error;
  });
  if (!got.response.ok) throw refusal(got.response.status, got.error);
  return got.data as T;
}

/** What to show a person about an error of any kind. */
export const explain = (error: unknown): Bilingual => (error instanceof Refused ? error.text : NO_ANSWER);
