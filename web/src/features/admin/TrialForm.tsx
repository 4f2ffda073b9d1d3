import { useState } from "react";
import { Button } from "@/components/Button";
import { Problem } from "@/components/Parts";
import { useVersions } from "@/hooks/useAdmin";
import { useAskTrial } from "@/hooks/useTrials";
import { explain, Refused } from "@/lib/api";
import type { AdminConfig, ConfigData } from "@/lib/contract";
import { Choose, Field } from "./Fields";
import { useAdminWords } from "./useAdminWords";
import { useDraftChanges } from "./useChanges";

/** Stands for the draft among the numbers of versions. */
const DRAFT = 0;

/** Which day, and what is tried on it. */
export function TrialForm({ config, base, yesterday, onAsked }: { config: ConfigData; base: AdminConfig; yesterday: string; onAsked: (id: string) => void }) {
  const { a, pick } = useAdminWords();
  const [day, setDay] = useState(yesterday);
  const versions = useVersions() ?? [];
  const dirty = useDraftChanges(base).length > 0;
  const { version } = base.publication;
  const options = [...(dirty ? [{ value: DRAFT, label: a.trialDraft }] : []), ...versions.filter((each) => each.version !== version).map((each) => ({ value: each.version, label: `${a.trialVersion(each.version)}${each.note && `・${each.note}`}` }))];
  const [wished, wish] = useState<number | null>(null);
  const chosen = options.find((each) => each.value === wished) ?? options[0];
  const ask = useAskTrial();
  const start = () => {
    if (!chosen) return;
    const what = chosen.value === DRAFT ? { config } : { version: chosen.value };
    ask.mutate({ day, against: version, ...what }, { onSuccess: ({ trial }) => onAsked(trial.id) });
  };
  const detail = ask.error instanceof Refused ? ask.error.detail : {};
  return (
    <form
      className="trial-form"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <Field label={a.trialDay} path="">
        {(props) => <input {...props} className="input" type="date" max={yesterday} required value={day} onChange={(event) => setDay(event.target.value)} />}
      </Field>
      {chosen && (
        <Field label={a.trialWhat} path="">
          {() => <Choose label={a.trialWhat} value={chosen.value} options={options} onChange={wish} />}
        </Field>
      )}
      <Button type="submit" look="primary" disabled={!chosen || ask.isPending}>
        {ask.isPending ? a.trialStarting : a.trialStart}
      </Button>
      {!chosen && <span className="quiet">{a.trialNothing}</span>}
      {ask.error && (
        <Problem>
          {pick(explain(ask.error))} {detail.field && detail.expected && `${a.wrongAt(detail.field.replace(/^config\./, ""))} ${pick(detail.expected)}`}
        </Problem>
      )}
    </form>
  );
}
