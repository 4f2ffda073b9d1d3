/** Numbers of a trial as people read them. Pure. */
import type { Lang, TrialNumbers } from "@/lib/contract";

export type Measure = Exclude<keyof TrialNumbers, "agents" | "hard" | "waiting" | "overflowed">;
export const MEASURES: readonly Measure[] = ["service_level", "asa_ms", "mean_wait_ms", "longest_wait_ms", "abandonment", "jain", "occupancy", "hard_to_experienced", "offered", "answered", "abandoned"];
const SHARES: ReadonlySet<string> = new Set(["service_level", "abandonment", "occupancy", "hard_to_experienced"]);
const TIMES: ReadonlySet<string> = new Set(["asa_ms", "mean_wait_ms", "longest_wait_ms"]);
/** A share stands in ten-thousandths. */
const WHOLE = 10_000;
const NONE = "—";

const seconds = (ms: number, lang: Lang): string => `${(ms / 1000).toFixed(1)} ${lang === "zh" ? "秒" : "s"}`;

export function shown(measure: Measure, value: number | null, lang: Lang): string {
  if (value === null) return NONE;
  if (SHARES.has(measure)) return `${((100 * value) / WHOLE).toFixed(1)} %`;
  if (TIMES.has(measure)) return seconds(value, lang);
  return measure === "jain" ? (value / WHOLE).toFixed(3) : String(value);
}

/** The change with its sign, in points for shares; nothing where one side is unknown. */
export function changed(measure: Measure, before: number | null, after: number | null, lang: Lang): string {
  if (before === null || after === null) return NONE;
  const by = shown(measure, Math.abs(after - before), lang);
  if (!/[1-9]/.test(by)) return "0";
  const points = SHARES.has(measure) ? by.replace("%", lang === "zh" ? "个百分点" : "pp") : by;
  return `${after > before ? "+" : "\u2212"}${points}`;
}
