import { Icon } from "@/components/Icon";
import { Empty } from "@/components/Parts";
import { changed, MEASURES, shown, type Measure } from "@/lib/admin/trial";
import type { AdminConfig, TrialDetail, TrialResult, TrialVerdict } from "@/lib/contract";
import { TrialFairness } from "./TrialFairness";
import { useAdminWords } from "./useAdminWords";

/** A trial's comparison, or what it still waits for. */
export function TrialResultView({ detail: { trial, result }, base }: { detail: TrialDetail; base: AdminConfig }) {
  const { a } = useAdminWords();
  if (trial.state === "failed") return <Empty icon="warn" title={a.trialState["failed"] ?? ""}>{a.trialFailed}</Empty>;
  if (trial.state === "no_calls") return <Empty icon="calendar" title={a.trialState["no_calls"] ?? ""}>{a.trialOf(trial.day)}</Empty>;
  if (!result) return <Empty icon="clock" title={a.trialState[trial.state] ?? ""}>{a.trialWaiting}</Empty>;
  return (
    <section className="block" aria-labelledby="trial-title" aria-live="polite">
      <header className="entry-head">
        <h2 id="trial-title">{a.trialOf(trial.day)}</h2>
        <span className="quiet tabular">{a.trialCalls(result.calls, result.agents)}</span>
      </header>
      <p className="trial-verdict">{a.verdict(trial.better, trial.worse)}</p>
      <Totals result={result} against={a.trialVersion(trial.against)} candidate={trial.candidate === null ? a.trialDraft : a.trialVersion(trial.candidate)} />
      <TrialFairness result={result} />
      <Queues result={result} base={base} />
      <p className="quiet">
        {a.patience} {a.patienceFacts(result.patience.left, result.patience.answered, result.answer_ms / 1000)}
      </p>
    </section>
  );
}

function Totals({ result, against, candidate }: { result: TrialResult; against: string; candidate: string }) {
  const { a, lang } = useAdminWords();
  const [before, after] = [result.against.total, result.candidate.total];
  return (
    <table className="table table--numbers">
      <thead>
        <tr>
          {[a.measure, against, candidate, a.difference, ""].map((name, n) => (
            <th key={n} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {MEASURES.filter((measure) => before[measure] !== null || after[measure] !== null).map((measure) => (
          <tr key={measure}>
            <th scope="row">{a.measures[measure]}</th>
            <td className="tabular">{shown(measure, before[measure], lang)}</td>
            <td className="tabular">
              <b>{shown(measure, after[measure], lang)}</b>
            </td>
            <td className="tabular">{changed(measure, before[measure], after[measure], lang)}</td>
            <td>
              <Word verdict={result.verdict[measure]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Word({ verdict }: { verdict: TrialVerdict | undefined }) {
  const { a } = useAdminWords();
  if (!verdict) return null;
  const icon = { better: "check", worse: "warn", equal: "circle" } as const;
  return (
    <span className="verdict" data-verdict={verdict}>
      {verdict !== "equal" && <Icon name={icon[verdict]} size={14} />}
      {a[verdict]}
    </span>
  );
}

const OF_QUEUES: readonly Measure[] = ["offered", "service_level", "asa_ms", "abandonment"];

function Queues({ result, base }: { result: TrialResult; base: AdminConfig }) {
  const { a, lang, pick } = useAdminWords();
  const ids = [...new Set([...Object.keys(result.against.queues), ...Object.keys(result.candidate.queues)])];
  const cell = (id: string, measure: (typeof OF_QUEUES)[number]) => {
    const [before, after] = [result.against, result.candidate].map((side) => side.queues[id]?.[measure as "offered"] ?? null);
    const [was, is] = [shown(measure, before ?? null, lang), shown(measure, after ?? null, lang)];
    return was === is ? is : `${was} → ${is}`;
  };
  return (
    <table className="table table--numbers">
      <thead>
        <tr>
          <th scope="col">{a.lists["queues"]}</th>
          {OF_QUEUES.map((measure) => (
            <th key={measure} scope="col">
              {a.measures[measure]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ids.map((id) => {
          const queue = base.config.queues.find((each) => each.id === id);
          return (
            <tr key={id}>
              <th scope="row">{queue ? pick(queue) : id}</th>
              {OF_QUEUES.map((measure) => (
                <td key={measure} className="tabular">
                  {cell(id, measure)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
