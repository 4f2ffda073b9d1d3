/** Quality of a call from the browser's own counters. Loss and jitter are of what is heard here. */
export interface Quality {
  /** 1.0 to 4.5, estimated from delay and loss (ITU-T G.107, simplified for Opus); null before the first packets. */
  mos: number | null;
  /** Percent of packets lost since the last sample, 0 to 100. */
  loss: number | null;
  jitterMs: number | null;
  rttMs: number | null;
}

export interface Counters {
  received: number;
  lost: number;
  jitterMs: number | null;
  rttMs: number | null;
  bufferMs: number | null;
  /** Of what this page sent, as the other side reported last: 0 to 1. */
  lostThere: number;
}

export const SILENT: Quality = { mos: null, loss: null, jitterMs: null, rttMs: null };
/** Opus with loss concealment: no impairment of its own, half of the scale is gone at about 10 % loss. */
const LOSS_ROBUSTNESS = 10;
const CODEC_DELAY_MS = 26;

interface Stat {
  type: string;
  kind?: string;
  packetsReceived?: number;
  packetsLost?: number;
  jitter?: number;
  jitterBufferDelay?: number;
  jitterBufferEmittedCount?: number;
  roundTripTime?: number;
  fractionLost?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
}

/** Picks the counters of the audio leg out of `getStats()`. Times in ms. */
export function countersOf(report: Iterable<Stat>): Counters {
  const found: Counters = { received: 0, lost: 0, jitterMs: null, rttMs: null, bufferMs: null, lostThere: 0 };
  for (const stat of report) {
    if (stat.type === "inbound-rtp" && stat.kind === "audio") {
      found.received = stat.packetsReceived ?? 0;
      found.lost = stat.packetsLost ?? 0;
      found.jitterMs = stat.jitter === undefined ? null : stat.jitter * 1000;
      if (stat.jitterBufferEmittedCount) found.bufferMs = ((stat.jitterBufferDelay ?? 0) / stat.jitterBufferEmittedCount) * 1000;
    }
    if (stat.type === "remote-inbound-rtp" && stat.roundTripTime !== undefined) found.rttMs ??= stat.roundTripTime * 1000;
    if (stat.type === "remote-inbound-rtp") found.lostThere = stat.fractionLost ?? 0;
    // The path's own check is newer than the receiver reports, which come every few seconds.
    if (stat.type === "candidate-pair" && stat.nominated && stat.currentRoundTripTime !== undefined) found.rttMs = stat.currentRoundTripTime * 1000;
  }
  return found;
}

/** Mean opinion score for a one-way delay (ms) and a loss (percent). */
export function estimateMos(delayMs: number, lossPercent: number): number {
  const delay = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  const r = Math.min(93.2, Math.max(0, 93.2 - delay - (95 * lossPercent) / (lossPercent + LOSS_ROBUSTNESS)));
  return Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r));
}

/** Quality of the time between two samples of the same connection. */
export function qualityBetween(before: Counters | null, after: Counters): Quality {
  if (after.received === 0) return { ...SILENT, rttMs: after.rttMs };
  const received = after.received - (before?.received ?? 0);
  const lost = Math.max(0, after.lost - (before?.lost ?? 0));
  const loss = received + lost > 0 ? (100 * lost) / (received + lost) : 100;
  const delay = (after.rttMs ?? 0) / 2 + (after.bufferMs ?? after.jitterMs ?? 0) + CODEC_DELAY_MS;
  return { mos: estimateMos(delay, loss), loss, jitterMs: after.jitterMs, rttMs: after.rttMs };
}
