import { Button } from "@/components/Button";
import { Icon, type IconName } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";
import type { CheckId, Result, Verdict } from "./checks";
import { LevelMeter } from "./LevelMeter";
import { useCheckText } from "./useCheckText";

const MARKS: Record<Verdict, IconName> = { passed: "checkCircle", failed: "cross", checking: "refresh", needsYou: "circle", notChecked: "circle" };

interface Props {
  id: CheckId;
  icon: IconName;
  result: Result;
  level: number | null;
  onRun: () => void;
}

/** One check: what it is, what was measured against which limit, and how to mend it when it failed. */
export function CheckRow({ id, icon, result, level, onRun }: Props) {
  const { w } = useWords();
  const text = useCheckText(id, result);
  const listening = id === "microphone" && level !== null;
  const shown = listening ? level : id === "microphone" && result.value ? Number(result.value) : null;
  return (
    <li className="check" data-verdict={result.verdict}>
      <Icon name={result.verdict === "failed" ? "warn" : icon} size={20} />
      <div className="check__what">
        <b>{text.title}</b>
        <span>{listening ? w.microphoneListening : text.detail}</span>
      </div>
      <div className="check__value">
        {shown === null ? <b>{text.value}</b> : <LevelMeter dbfs={shown} />}
        <span>{text.limit}</span>
      </div>
      <span className="check__verdict">
        <Icon name={MARKS[result.verdict]} />
        {w[result.verdict]}
      </span>
      {result.verdict === "needsYou" && (
        <div className="check__act">
          <Button icon="mic" onClick={onRun}>
            {w.checkMicrophone}
          </Button>
        </div>
      )}
      {result.verdict === "failed" && (
        <div className="check__fix">
          <div>
            <b>{w.howToFix}</b>
            <ol>
              {text.fix.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          </div>
          <Button icon="refresh" onClick={onRun}>
            {w.recheck}
          </Button>
        </div>
      )}
    </li>
  );
}
