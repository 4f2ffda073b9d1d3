import { useEffect, useState } from "react";
import { serverNow } from "@/lib/clock";

const TICK_MS = 250;

/** Server time, ms; renders again each time the second changes, and not at all while `active` is false. */
export function useNow(active = true): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    if (!active) return;
    const tick = () => setNow((held) => (Math.floor(held / 1000) === Math.floor(serverNow() / 1000) ? held : serverNow()));
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}
