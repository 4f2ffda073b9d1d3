import { describe, expect, it } from "vitest";
import { countersOf, estimateMos, qualityBetween, SILENT } from "@/lib/quality";
import { browserName, dbfs, judge, median } from "@/lib/readiness";

const counters = { received: 100, lost: 0, jitterMs: 6, rttMs: 38, bufferMs: 60, lostThere: 0 };

describe("quality of a call", () => {
  it("reads loss, jitter and round trip from the browser's counters", () => {
    const found = countersOf([
      { type: "inbound-rtp", kind: "audio", packetsReceived: 950, packetsLost: 50, jitter: 0.006, jitterBufferDelay: 57, jitterBufferEmittedCount: 950 },
      { type: "remote-inbound-rtp", roundTripTime: 0.09, fractionLost: 0.25 },
      { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.038 },
    ]);
    expect(found).toEqual({ received: 950, lost: 50, jitterMs: 6, rttMs: 38, bufferMs: 60, lostThere: 0.25 });
  });

  it("says nothing before the first packet", () => {
    expect(qualityBetween(null, { ...counters, received: 0, rttMs: null })).toEqual(SILENT);
  });

  it("counts loss since the last look, not since the beginning", () => {
    expect(qualityBetween({ ...counters, received: 0, lost: 90 }, { ...counters, received: 45, lost: 95 }).loss).toBeCloseTo(10);
  });

  it("calls a second without a packet a loss of everything", () => {
    const stalled = qualityBetween(counters, counters);
    expect(stalled.loss).toBe(100);
    expect(stalled.mos).toBeLessThan(1.2);
  });

  it("falls with delay and with loss, and stays on the scale", () => {
    const scores = [estimateMos(50, 0), estimateMos(300, 0), estimateMos(300, 5), estimateMos(300, 30)];
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores[0]).toBeGreaterThan(4.3);
    expect(scores.at(-1)).toBeGreaterThanOrEqual(1);
  });
});

describe("what the readiness check measures", () => {
  it("gives full scale 0 dB for a square wave and a floor for silence", () => {
    expect(dbfs([1, -1, 1, -1])).toBeCloseTo(0);
    expect(dbfs([0, 0, 0])).toBe(-100);
  });

  it("takes the loudest moment as speech and the quietest tenth as noise, without the first moments", () => {
    const levels = [0, 0, 0, 0, ...Array<number>(10).fill(-60), -18, ...Array<number>(9).fill(-30)];
    expect(judge(levels)).toEqual({ peakDbfs: -18, noiseDbfs: -60 });
  });

  it("takes the middle of the round trips", () => {
    expect(median([900, 12, 15, 14, 13])).toBe(14);
  });

  it.each([
    ["Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36", "Chrome 142"],
    ["Mozilla/5.0 AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge 142"],
    ["Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140"],
    ["something else", "—"],
  ])("knows the browser of %s", (agent, name) => {
    expect(browserName(agent)).toBe(name);
  });
});
