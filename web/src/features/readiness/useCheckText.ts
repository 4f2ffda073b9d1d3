import { useWords } from "@/hooks/useWords";
import { decibels } from "@/lib/format";
import { NOISE_LIMIT_DBFS, ROUND_TRIPS } from "@/lib/readiness";
import type { CheckId, Result } from "./checks";

interface CheckText {
  title: string;
  detail: string;
  value: string;
  limit: string;
  fix: string[];
}

/** The words of one check for what it found. */
export function useCheckText(id: CheckId, result: Result): CheckText {
  const { w } = useWords();
  const measured = result.verdict === "passed" || result.verdict === "failed";
  const value = measured && result.value ? result.value : "—";
  switch (id) {
    case "microphone":
      return { title: w.microphone, detail: result.detail || w.microphoneHow, value, limit: measured && result.value ? w.input(decibels(Number(result.value))) : "", fix: w.fixMicrophone };
    case "noise":
      return { title: w.noise, detail: measured ? w.noiseMeasured : w.noiseHow, value, limit: w.noiseLimit(decibels(NOISE_LIMIT_DBFS)), fix: w.fixNoise };
    case "browser":
      return { title: w.browser, detail: result.detail ? w.browserLacks(result.detail) : w.browserHas, value, limit: "", fix: w.fixBrowser };
    case "clock":
      return { title: w.clock, detail: w.clockHow, value, limit: w.clockLimit, fix: w.fixClock };
    case "roundTrip":
      return { title: w.roundTrip, detail: w.roundTripHow(ROUND_TRIPS), value, limit: w.roundTripLimit, fix: w.fixRoundTrip };
  }
}
