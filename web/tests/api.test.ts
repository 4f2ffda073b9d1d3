// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { explain, persistentFetch, Refused, take } from "@/lib/api";

const command = () => new Request("http://desk.example/api/x", { method: "POST", body: "{}", headers: { "Idempotency-Key": "k1" } });
const atOnce = () => Promise.resolve();

describe("commands over a bad network", () => {
  it("asks again with the same idempotency key when an answer is lost", async () => {
    const keys: (string | null)[] = [];
    const send = ((request: Request) => {
      keys.push(request.headers.get("Idempotency-Key"));
      return keys.length < 3 ? Promise.reject(new TypeError("network")) : Promise.resolve(new Response("ok"));
    }) as typeof fetch;
    expect(await (await persistentFetch(command(), send, atOnce)).text()).toBe("ok");
    expect(keys).toEqual(["k1", "k1", "k1"]);
  });

  it("does not ask again when the page itself gave up", async () => {
    let asked = 0;
    const send = (() => (asked++, Promise.reject(new DOMException("aborted", "AbortError")))) as typeof fetch;
    await expect(persistentFetch(command(), send, atOnce)).rejects.toThrow("aborted");
    expect(asked).toBe(1);
  });
});

describe("answers of the API", () => {
  it("turns a refusal into its code and its words in both languages", async () => {
    const error: unknown = await take(
      Promise.resolve({ error: { code: "fields_missing", message: { zh: "还差几项", en: "Some are missing" }, missing: ["notes"] }, response: new Response("", { status: 422 }) }),
    ).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 422, code: "fields_missing", missing: ["notes"] });
    expect(explain(error)).toEqual({ zh: "还差几项", en: "Some are missing" });
  });

  it("has words for an answer that is no JSON of ours, and for no answer", async () => {
    const broken: unknown = await take(Promise.resolve({ error: "<html>", response: new Response("", { status: 502 }) })).catch((caught: unknown) => caught);
    const silent: unknown = await take(Promise.reject(new TypeError("network"))).catch((caught: unknown) => caught);
    expect(broken).toBeInstanceOf(Refused);
    expect(silent).toMatchObject({ status: 0, code: "no_answer" });
    expect(explain(new Error("anything")).zh).toMatch(/服务/);
  });
});
