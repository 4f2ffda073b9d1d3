import { describe, expect, it } from "vitest";
import { measure } from "@/lib/probe";

const places = [
  { name: "near", probe: "https://near/probe" },
  { name: "far", probe: "https://far/probe" },
];

/** A clock that goes on by what each request takes. */
function world(takes: Record<string, number[]>) {
  let at = 0;
  const ask = ((url: string) => {
    const next = takes[url]?.shift();
    if (next === undefined) return Promise.reject(new TypeError("no answer"));
    at += next;
    return Promise.resolve(new Response(null, { status: 204 }));
  }) as typeof fetch;
  return { ask, now: () => at };
}

describe("how far an edge is", () => {
  it("is the fastest answer once the connection stands", async () => {
    const { ask, now } = world({ "https://near/probe": [90, 13, 12], "https://far/probe": [400, 180, 210] });
    expect(await measure(places, ask, now)).toEqual({ near: 12, far: 180 });
  });

  it("is not told of one that does not answer, and the others are", async () => {
    const { ask, now } = world({ "https://near/probe": [90], "https://far/probe": [400, 180, 210] });
    expect(await measure(places, ask, now)).toEqual({ far: 180 });
  });
});
