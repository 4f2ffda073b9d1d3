import { useEffect, useState } from "react";
import { serverNow } from "@/lib/clock";

const TICK_MS = 250;
const wholeSecond = (ms: number) => Math.floor(ms / 1000) * 1000;

/** A clock cut to whole seconds, so that every part of the page shows the same one; stands still while `active` is false. */
function useSeconds(read: () => number, active: boolean): number {
  const [now, setNow] = useState(() => wholeSecond(read()));
  useEffect(() => {
    if (!active) return;
    const tick = () => setNow(wholeSecond(read()));
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [read, active]);
  return now;
}

/** Server time, ms, in whole seconds. */
export const useNow = (active = true): number => useSeconds(serverNow, active);

/** This computer's time, ms, in whole seconds: for spans that began and end here. */
export const useLocalNow = (): number => useSeconds(Date.now, true);
