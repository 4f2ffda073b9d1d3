import type { ContactLine } from "@/lib/contract";

const DASH = "—";
/** What the edge says of a leg before its first word. */
const NO_LEVEL = -96;

const ms = (value: number | null): string => (value === null ? DASH : `${Math.round(value)} ms`);
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;

/** The readings of a leg in the order of the table; a dash where nothing was measured. On the phone nothing is lost on the way to us. */
export function lineText(leg: ContactLine["legs"][number]): string[] {
  const page = leg.by === "page";
  return [
    leg.mos === null ? DASH : leg.mos.toFixed(1),
    leg.level_dbov <= NO_LEVEL ? DASH : `${leg.level_dbov} dB`,
    page ? percent(leg.loss) : DASH,
    page ? leg.burst_ratio.toFixed(1) : DASH,
    page ? ms(leg.jitter_ms) : DASH,
    page ? ms(leg.round_trip_ms) : DASH,
    ms(leg.delay_ms),
  ];
}
