import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";
import { usePrefs } from "@/lib/prefs";
import { CheckRow } from "./CheckRow";
import { checksOf, LATER, type Verdict } from "./checks";
import type { Readiness } from "./useReadiness";

/** What this computer was found fit for, and plainly what was not looked at. */
export function ReadinessCard({ readiness }: { readiness: Readiness }) {
  const { w } = useWords();
  const { results, level, run, runAll } = readiness;
  const byPhone = usePrefs((prefs) => prefs.byPhone);
  const checks = checksOf(byPhone);
  const failedFirst = checks.toSorted((a, b) => Number(results[b.id].verdict === "failed") - Number(results[a.id].verdict === "failed"));
  return (
    <section className="readiness" aria-labelledby="readiness-title">
      <header className="readiness__head">
        <div>
          <h2 id="readiness-title">{w.readiness}</h2>
          <p role="status">{useSummary(checks.map(({ id }) => results[id].verdict))}</p>
        </div>
        <Button icon="refresh" onClick={runAll} disabled={level !== null}>
          {w.recheckAll}
        </Button>
        <div className="readiness__bar" aria-hidden="true">
          {failedFirst.map(({ id }) => (
            <span key={id} data-verdict={results[id].verdict} />
          ))}
          {LATER.map(({ id }) => (
            <span key={id} data-verdict="notChecked" />
          ))}
        </div>
      </header>
      <ul className="readiness__list">
        {failedFirst.map(({ id, icon }) => (
          <CheckRow key={id} id={id} icon={icon} result={results[id]} level={level} onRun={() => run(id)} />
        ))}
        {LATER.map(({ id, icon }) => (
          <li key={id} className="check" data-verdict="later">
            <Icon name={icon} size={20} />
            <div className="check__what">
              <b>{w[id]}</b>
              <span>{id === "jitterLoss" ? w.jitterNote : w.laterNote}</span>
            </div>
            <span className="check__verdict">
              <Icon name="circle" />
              {w.notChecked}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useSummary(verdicts: Verdict[]): string {
  const { w } = useWords();
  const count = (verdict: string) => verdicts.filter((each) => each === verdict).length;
  if (count("checking") > 0) return w.readinessRunning;
  const [passed, failed] = [count("passed"), count("failed")];
  return `${w.readinessSum(passed, passed + failed)}${failed > 0 ? w.readinessFix(failed) : w.readinessFine}`;
}
