import { Icon } from "@/components/Icon";
import { useLine } from "@/lib/line";
import { joinAgain } from "./acts";
import { useCallerWords } from "./words";

const FAIR_MOS = 3.4;

/** How the sound itself is doing, as measured; says nothing before there is something to measure. */
export function LineState() {
  const { w } = useCallerWords();
  const { phase, quality } = useLine();
  if (phase === "no_microphone" || phase === "failed") {
    return (
      <span className="line-state" role="alert">
        <Icon name="warn" />
        {phase === "failed" ? w.lineFailed : w.noMicrophone}
        <button type="button" className="link" onClick={joinAgain}>
          {w.retry}
        </button>
      </span>
    );
  }
  const live = quality.mos === null ? "" : quality.mos < FAIR_MOS ? w.linePoor : w.lineGood;
  const words = { none: "", joining: w.lineJoining, rejoining: w.lineAgain, live }[phase];
  if (!words) return null;
  return (
    <span className="line-state">
      <Icon name="bars" size={14} />
      {words}
    </span>
  );
}
