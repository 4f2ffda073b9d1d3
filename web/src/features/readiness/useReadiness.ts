import { useCallback, useEffect, useState } from "react";
import { usePrefs } from "@/lib/prefs";
import { checkBrowser, checkMicrophone, checkService, mayListenNow, UNTOUCHED, type CheckId, type Results } from "./checks";

export interface Readiness {
  results: Results;
  /** Level of the microphone while listening, dBFS; null otherwise. */
  level: number | null;
  /** The service's version, null when it does not answer, undefined while asking. */
  version: string | null | undefined;
  run: (check: CheckId) => void;
  runAll: () => void;
}

export function useReadiness(): Readiness {
  const byPhone = usePrefs((prefs) => prefs.byPhone);
  const [results, setResults] = useState<Results>(UNTOUCHED);
  const [level, setLevel] = useState<number | null>(null);
  const [version, setVersion] = useState<string | null | undefined>(undefined);
  const learn = useCallback((part: Partial<Results>) => setResults((held) => ({ ...held, ...part })), []);

  const runService = useCallback(async () => {
    learn({ clock: UNTOUCHED.clock, roundTrip: UNTOUCHED.roundTrip });
    const answer = await checkService();
    setVersion(answer.version);
    learn(answer.results);
  }, [learn]);

  const runMicrophone = useCallback(async () => {
    const checking = { verdict: "checking", value: "", detail: "" } as const;
    learn({ microphone: checking, noise: checking });
    learn(await checkMicrophone(setLevel));
    setLevel(null);
  }, [learn]);

  const start = useCallback(async () => {
    learn(checkBrowser(byPhone));
    await runService();
    if (!byPhone && (await mayListenNow())) await runMicrophone();
  }, [byPhone, learn, runService, runMicrophone]);

  useEffect(() => {
    // Not in the effect itself: the first paint of the sign-in form comes before the checks.
    const timer = setTimeout(() => void start(), 0);
    return () => clearTimeout(timer);
  }, [start]);

  const run = (check: CheckId) => {
    if (check === "browser") learn(checkBrowser(byPhone));
    else void (check === "microphone" || check === "noise" ? runMicrophone() : runService());
  };
  const runAll = () => {
    learn(checkBrowser(byPhone));
    void runService().then(() => (byPhone ? undefined : runMicrophone()));
  };
  return { results, level, version, run, runAll };
}
