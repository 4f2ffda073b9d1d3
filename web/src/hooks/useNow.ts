import { useEffect, useState } from "react";
import { serverNow } from "@/lib/clock";

const TICK_MS = 250;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A clock cut to whole grains, so that every part of the page shows the same one; stands still while `active` is false. */
function useClock(read: () => number, grain: number, active: boolean): number {
  const [now, setNow] = useState(() => Math.floor(read() / grain) * grain);
  useEffect(() => {
    if (!active) return;
    const tick = () => setNow(Math.floor(read() / grain) * grain);
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [read, grain, active]);
  return now;
}

/** Server time, ms, in whole seconds. */
export const useNow = (active = true): number => useClock(serverNow, SECOND_MS, active);

/** This computer's time, ms, in whole seconds: for spans that began and end here. */
export const useLocalNow = (): number => useClock(Date.now, SECOND_MS, true);

/** Server time, ms, in whole minutes: for what is not drawn anew each second. */
export const useMinute = (): number => useClock(serverNow, MINUTE_MS, true);
