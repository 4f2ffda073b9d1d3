import { useId } from "react";
import { shares } from "@/lib/admin/policy";
import type { Feature } from "@/lib/contract";
import { at, WrongAt } from "./Fields";
import { useAdminWords } from "./useAdminWords";

interface Props {
  weights: Record<string, number>;
  features: Feature[];
  path: string;
  most: number;
  onChange: (weights: Record<string, number>) => void;
}

/** How much each feature counts, and which part of the whole that is. */
export function WeightSliders({ weights, features, path, most, onChange }: Props) {
  const part = shares(weights, features);
  return (
    <div className="weights">
      {features.map((feature) => (
        <Slider key={feature.id} feature={feature} value={weights[feature.id] ?? 0} part={part[feature.id] ?? 0} path={`${path}.${feature.id}`} most={most} onChange={(value) => onChange({ ...weights, [feature.id]: value })} />
      ))}
      <WrongAt path={path} />
    </div>
  );
}

function Slider({ feature, value, part, path, most, onChange }: { feature: Feature; value: number; part: number; path: string; most: number; onChange: (value: number) => void }) {
  const { a, pick } = useAdminWords();
  const id = useId();
  return (
    <div className="weight" data-off={!feature.measured}>
      <label htmlFor={id}>{pick(feature)}</label>
      <input id={id} type="range" className="slider" style={at(value, most)} min={0} max={most} step={1} value={value} disabled={!feature.measured} aria-valuetext={feature.measured ? `${value}, ${a.share} ${part} %` : a.noSource} onChange={(event) => onChange(event.target.valueAsNumber)} />
      {feature.measured && <span className="weight__value tabular">{value}</span>}
      {feature.measured ? (
        <span className="weight__share tabular">
          <span className="weight__track" aria-hidden="true">
            <i style={{ inlineSize: `${part}%` }} />
          </span>
          <b>{part} %</b>
        </span>
      ) : (
        <span className="weight__none quiet">{a.noSource}</span>
      )}
      <WrongAt path={path} />
    </div>
  );
}
