import { describe, expect, it } from "vitest";
import type { Decision } from "@/lib/contract";
import { gap, rank, refusals, weighed } from "@/lib/why";

const mark = (me: boolean, score: number, features: Record<string, number>) => ({ agent: me ? "a" : "", me, chosen: me, score, features });
const decision: Decision = {
  offer: "o", contact: "c", at: 0, policy: 3, step: 0, waited_ms: 0, read: 5, able: 2, weights: { idle: 30, skill: 10 }, absent: ["proximity"],
  scores: [mark(false, 900, { idle: 1000, skill: 200 }), mark(true, 800, { idle: 500, skill: 800 })],
  refused: [{ agent: "", me: false, why: "zh>=1" }, { agent: "", me: false, why: "fiber>=3|vip>=1" }, { agent: "", me: false, why: "zh>=1" }], words: {},
};
const words = { atLeast: (name: string, level: string) => `${name} ≥ ${level}`, or: " or ", another: "another" };

describe("why me", () => {
  it("sets my values beside the mean of the others, heaviest first", () => {
    expect(weighed(decision)).toEqual([{ id: "idle", mine: 50, others: 100, share: 75 }, { id: "skill", mine: 80, others: 20, share: 25 }]);
  });

  it("has nobody to compare with where only I could", () => {
    const alone = { ...decision, scores: decision.scores.slice(1) };
    expect(weighed(alone).map((each) => each.others)).toEqual([null, null]);
    expect(rank(alone)).toBe(1);
  });

  it("tells my rank, also when a joint decision gave the first one another customer", () => {
    expect(rank(decision)).toBe(2);
    expect(rank({ ...decision, scores: [] })).toBeNull();
    expect(weighed({ ...decision, scores: [] })).toEqual([]);
  });

  it("counts those who could not, by what they lacked, in words", () => {
    expect(refusals(decision)).toEqual([{ why: "zh>=1", count: 2 }, { why: "fiber>=3|vip>=1", count: 1 }]);
    expect(gap("fiber>=3|vip>=1", (id) => (id === "fiber" ? "Fibre" : id), words)).toBe("Fibre ≥ 3 or vip ≥ 1");
    expect(gap("asked_for_another", (id) => id, words)).toBe("another");
  });
});
