import type { Quality } from "@/lib/quality";

const DASH = "—";
const GOOD_MOS = 4;
const FAIR_MOS = 3.4;

/** The four readings as they are written; a dash where nothing was measured. */
export function qualityText({ mos, loss, jitterMs, rttMs }: Quality): { mos: string; loss: string; jitter: string; rtt: string } {
  return {
    mos: mos === null ? DASH : mos.toFixed(1),
    loss: loss === null ? DASH : `${loss.toFixed(1)}%`,
    jitter: jitterMs === null ? DASH : `${Math.round(jitterMs)} ms`,
    rtt: rttMs === null ? DASH : `${Math.round(rttMs)} ms`,
  };
}

export const gradeOf = (mos: number | null): "good" | "fair" | "poor" | "none" =>
  mos === null ? "none" : mos >= GOOD_MOS ? "good" : mos >= FAIR_MOS ? "fair" : "poor";
