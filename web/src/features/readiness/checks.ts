import type { IconName } from "@/components/Icon";
import { decibels } from "@/lib/format";
import { askService, browserName, CLOCK_LIMIT_MS, lacking, listen, microphoneAllowed, NOISE_LIMIT_DBFS, ROUND_TRIP_LIMIT_MS, SPEECH_FLOOR_DBFS } from "@/lib/readiness";

export type CheckId = "microphone" | "noise" | "browser" | "clock" | "roundTrip";
export type LaterId = "uplink" | "downlink" | "jitterLoss" | "vpn" | "backup";
export type Verdict = "passed" | "failed" | "checking" | "needsYou" | "notChecked";

export interface Result {
  verdict: Verdict;
  /** What was measured, as it is shown; empty while nothing was. */
  value: string;
  detail: string;
}

export type Results = Record<CheckId, Result>;

export const CHECKS: { id: CheckId; icon: IconName }[] = [
  { id: "microphone", icon: "headset" },
  { id: "noise", icon: "wave" },
  { id: "browser", icon: "screen" },
  { id: "clock", icon: "clock" },
  { id: "roundTrip", icon: "pulse" },
];
/** Those of this computer whose sound is its own; who hears and speaks by phone needs no microphone. */
export const checksOf = (byPhone: boolean) => CHECKS.filter(({ id }) => !byPhone || (id !== "microphone" && id !== "noise"));
export const LATER: { id: LaterId; icon: IconName }[] = [
  { id: "uplink", icon: "updown" },
  { id: "jitterLoss", icon: "pulse" },
  { id: "vpn", icon: "shield" },
  { id: "backup", icon: "link" },
];

const result = (verdict: Verdict, value = "", detail = ""): Result => ({ verdict, value, detail });
const judged = (fine: boolean, value: string, detail = "") => result(fine ? "passed" : "failed", value, detail);

export const UNTOUCHED: Results = {
  microphone: result("needsYou"),
  noise: result("notChecked"),
  browser: result("checking"),
  clock: result("checking"),
  roundTrip: result("checking"),
};

export function checkBrowser(byPhone: boolean): Partial<Results> {
  const missing = lacking(byPhone);
  return { browser: judged(missing.length === 0, browserName(), missing.join(", ")) };
}

export async function checkService(): Promise<{ results: Partial<Results>; version: string | null }> {
  try {
    const { roundTripMs, clockOffsetMs, version } = await askService();
    const clock = clockOffsetMs === null ? result("notChecked") : judged(Math.abs(clockOffsetMs) <= CLOCK_LIMIT_MS, `${(Math.abs(clockOffsetMs) / 1000).toFixed(1)} s`);
    return { version, results: { clock, roundTrip: judged(roundTripMs <= ROUND_TRIP_LIMIT_MS, `${Math.round(roundTripMs)} ms`) } };
  } catch {
    return { version: null, results: { clock: result("notChecked"), roundTrip: result("failed", "—") } };
  }
}

export async function checkMicrophone(onLevel: (dbfs: number) => void): Promise<Partial<Results>> {
  try {
    const take = await listen(onLevel);
    return {
      microphone: judged(take.peakDbfs > SPEECH_FLOOR_DBFS, String(take.peakDbfs), take.label),
      noise: judged(take.noiseDbfs <= NOISE_LIMIT_DBFS, `${decibels(take.noiseDbfs)} dBFS`),
    };
  } catch {
    return { microphone: result("failed", ""), noise: result("notChecked") };
  }
}

/** Only a microphone already allowed is listened to unasked: the browser's question comes when the person asks for the check. */
export const mayListenNow = async (): Promise<boolean> => (await microphoneAllowed()) === "granted";
