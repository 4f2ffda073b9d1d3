import { Icon } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";
import { useLine } from "@/lib/line";
import { gradeOf, qualityText } from "./qualityText";

/** The status bar of a phone: one line above the controls. */
export function QualityLine() {
  const { w } = useWords();
  const quality = useLine((line) => line.quality);
  const grade = gradeOf(quality.mos);
  const text = qualityText(quality);
  const words = { good: w.qualityGood, fair: w.qualityFair, poor: w.qualityPoor, none: w.qualityNone }[grade];
  return (
    <p className="quality-line tabular" data-grade={grade}>
      <span>
        <Icon name={grade === "poor" ? "warn" : "checkCircle"} />
        {words}・{w.mos} <b>{text.mos}</b>
      </span>
      <span>
        {w.loss} {text.loss}
      </span>
      <span>
        {w.rtt} {text.rtt}
      </span>
    </p>
  );
}
