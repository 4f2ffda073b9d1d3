import { useState } from "react";
import { Empty, Skeleton, Tag } from "@/components/Parts";
import { useTrial, useTrials } from "@/hooks/useTrials";
import { serverNow } from "@/lib/clock";
import type { AdminConfig, ConfigData, Trial } from "@/lib/contract";
import { shortDate } from "@/lib/format";
import { TrialForm } from "./TrialForm";
import { TrialResultView } from "./TrialResultView";
import { useAdminWords } from "./useAdminWords";
import { useMayWrite } from "./useMayWrite";

/** What would have happened on some day under another configuration. */
export function TrialSection({ config, base }: { config: ConfigData; base: AdminConfig }) {
  const { a } = useAdminWords();
  const mayWrite = useMayWrite();
  const known = useTrials();
  const [chosen, choose] = useState<string | null>(null);
  const trials = known?.trials ?? [];
  const at = trials.find((each) => each.id === chosen) ?? trials[0];
  const detail = useTrial(at?.id ?? null);
  if (!known) return <Skeleton lines={6} label={a.loading} />;
  return (
    <div className="two">
      <div className="two__list">
        <h2 className="two__title">{a.trialsBefore}</h2>
        {trials.length === 0 && <p className="quiet two__none">{a.noTrials}</p>}
        <ul aria-label={a.trialsBefore}>
          {trials.map((each) => (
            <li key={each.id}>
              <button type="button" className="item" aria-current={each === at} onClick={() => choose(each.id)}>
                <Entry trial={each} />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="two__one" tabIndex={0} role="region" aria-label={a.sections.trial}>
        <p className="quiet">{a.trialHint}</p>
        {mayWrite && <TrialForm config={config} base={base} yesterday={known.yesterday} onAsked={choose} />}
        {!at && <Empty icon="pulse" title={a.noTrials}>{a.noTrialsHint}</Empty>}
        {at && detail?.trial.id === at.id && <TrialResultView detail={detail} base={base} />}
      </div>
    </div>
  );
}

function Entry({ trial }: { trial: Trial }) {
  const { a } = useAdminWords();
  return (
    <>
      <span className="item__top">
        <span className="item__title tabular">{trial.day}</span>
        {trial.state !== "done" && <Tag tone={trial.state === "failed" ? "amber" : "plain"}>{a.trialState[trial.state]}</Tag>}
      </span>
      <span className="item__line">
        {trial.candidate === null ? a.trialDraft : a.trialVersion(trial.candidate)}
        {trial.state === "done" && `・${a.verdict(trial.better, trial.worse)}`}
      </span>
      <span className="item__line tabular">
        {trial.who ?? a.unknown}・{shortDate(trial.asked_at, serverNow())}
      </span>
    </>
  );
}
