import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { nextStep, type Step } from "@/lib/admin/policy";
import { Choose, levels, NumberInput, WrongAt } from "./Fields";
import { NeedEditor } from "./NeedEditor";
import { useAdminWords } from "./useAdminWords";

interface Props {
  steps: Step[];
  path: string;
  bounds: Record<string, number>;
  onChange: (steps: Step[]) => void;
}

/** What is asked of agents as the wait goes on: one row a step. */
export function StepsTable({ steps, path, bounds, onChange }: Props) {
  const { a } = useAdminWords();
  const next = steps.length < (bounds["steps"] ?? 1) ? nextStep(steps, bounds["after_s"] ?? 0) : null;
  return (
    <>
      <table className="table table--edit">
        <thead>
          <tr>
            <th scope="col" aria-label={a.step(0)} />
            {[a.columnAfter, a.columnLang, a.columnSubject, a.columnMatter, a.columnNeed].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col" aria-label={a.remove} />
          </tr>
        </thead>
        <tbody>
          {steps.map((step, n) => (
            <Row key={n} n={n} step={step} path={`${path}.${n}`} bounds={bounds} onChange={(now) => onChange(steps.map((each, at) => (at === n ? now : each)))} onRemove={n > 0 ? () => onChange(steps.filter((_, at) => at !== n)) : null} />
          ))}
        </tbody>
      </table>
      <WrongAt path={path} />
      {next && (
        <Button size="small" onClick={() => onChange([...steps, next])}>
          ＋ {a.addStep}
        </Button>
      )}
    </>
  );
}

function Row({ n, step, path, bounds, onChange, onRemove }: { n: number; step: Step; path: string; bounds: Record<string, number>; onChange: (step: Step) => void; onRemove: (() => void) | null }) {
  const { a } = useAdminWords();
  const name = (what: string) => a.levelOf(what, n + 1);
  const most = bounds["level"] ?? 5;
  return (
    <tr>
      <th scope="row" className="tabular">
        {n + 1}
      </th>
      <td>
        {n === 0 ? <span className="tabular table__fixed">0</span> : <NumberInput label={name(a.columnAfter)} path={`${path}.after_s`} value={step.after_s} least={1} most={bounds["after_s"] ?? 0} onChange={(after_s) => onChange({ ...step, after_s })} />}
        <WrongAt path={`${path}.after_s`} />
      </td>
      <td>
        <Choose label={name(a.columnLang)} path={`${path}.lang`} value={step.lang} options={levels(1, most)} onChange={(lang) => onChange({ ...step, lang })} />
      </td>
      <td>
        <Choose label={name(a.columnSubject)} path={`${path}.subject`} value={step.subject} options={levels(0, most)} onChange={(subject) => onChange({ ...step, subject })} />
      </td>
      <td>
        <label className="tick">
          <input type="checkbox" aria-label={a.counted(n + 1)} checked={step.matter_need} onChange={(event) => onChange({ ...step, matter_need: event.target.checked })} />
          {a.counts}
        </label>
      </td>
      <td>
        <NeedEditor need={step.need} path={`${path}.need`} onChange={(need) => onChange({ ...step, need })} />
      </td>
      <td>
        {onRemove && (
          <button type="button" className="icon-button" aria-label={a.removeStep(n + 1)} title={a.removeStep(n + 1)} onClick={onRemove}>
            <Icon name="cross" />
          </button>
        )}
      </td>
    </tr>
  );
}
