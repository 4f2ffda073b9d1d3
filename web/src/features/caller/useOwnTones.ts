import { useEffect } from "react";
import type { CallerState } from "@/lib/contract";
import { useLine } from "@/lib/line";
import { startTone, type ToneName } from "@/lib/tone";

/** What the page plays by itself: nobody can put a tone into a sealed line. */
export function toneFor(state: CallerState | null): ToneName | null {
  if (!state?.sealed || state.state === "ended" || state.state === "callback_promised") return null;
  if (state.state === "connected") return state.hold ? "hold" : null;
  return "waiting";
}

export function useOwnTones(state: CallerState | null): void {
  const deaf = useLine((line) => line.deaf);
  const tone = deaf ? null : toneFor(state);
  useEffect(() => (tone === null ? undefined : startTone(tone)), [tone]);
}
