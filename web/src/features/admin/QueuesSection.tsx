import { addEntry, editEntry, freshId, removeEntry } from "@/lib/admin/draft";
import { readPolicy, writePolicy, type Policy } from "@/lib/admin/policy";
import type { AdminConfig, ConfigData, ConfigQueue } from "@/lib/contract";
import { EntryHead } from "./EntryHead";
import { Choose, Field, levels, WrongAt } from "./Fields";
import { FinePrint } from "./FinePrint";
import { ListAndOne } from "./ListAndOne";
import { QueueHours } from "./QueueHours";
import { StepsTable } from "./StepsTable";
import { useAdminWords } from "./useAdminWords";
import { useChosen } from "./useChosen";
import { WeightSliders } from "./WeightSliders";

const NEW_QUEUE: Omit<ConfigQueue, "id"> = { zh: "", en: "", policy: {}, priority: 5, calendar: "", closed: "message", overflow_to: "", overflow_after_s: 0, sealed: false };

/** Queues: how urgent each is, what it asks of agents and how it chooses among those who fit. */
export function QueuesSection({ config, base }: { config: ConfigData; base: AdminConfig }) {
  const { a, pick } = useAdminWords();
  const [at, choose] = useChosen("queues", config.queues.length);
  const queue = config.queues[at];
  const entries = config.queues.map((each) => ({
    id: each.id,
    name: pick(each) || a.newName,
    line: `${a.priorityShort(each.priority)}・${a.stepCount(readPolicy(each.policy, base.defaults).steps.length)}`,
  }));
  const add = () => {
    addEntry("queues", { ...NEW_QUEUE, id: freshId("queue", config.queues) });
    choose(config.queues.length);
  };
  return (
    <ListAndOne label={a.sections.queues} list="queues" entries={entries} at={at} onChoose={choose} add={a.addQueue} onAdd={add}>
      {queue && <QueueEditor key={at} at={at} queue={queue} config={config} base={base} />}
    </ListAndOne>
  );
}

function QueueEditor({ at, queue, config, base }: { at: number; queue: ConfigQueue; config: ConfigData; base: AdminConfig }) {
  const { a } = useAdminWords();
  const policy = readPolicy(queue.policy, base.defaults);
  const change = (next: Partial<Policy>) => editEntry("queues", at, { policy: writePolicy({ ...policy, ...next }, base.defaults) });
  const path = `queues.${at}.policy`;
  return (
    <>
      <EntryHead list="queues" at={at} entry={queue} onChange={(next) => editEntry("queues", at, next)} onRemove={() => removeEntry("queues", at)}>
        <Field label={a.priority} path={`queues.${at}.priority`} hint={a.priorityHint}>
          {() => <Choose label={a.priority} path={`queues.${at}.priority`} value={queue.priority} options={levels(1, 9)} onChange={(priority) => editEntry("queues", at, { priority })} />}
        </Field>
      </EntryHead>
      <QueueHours at={at} queue={queue} config={config} />
      <WrongAt path={path} />
      <section className="block" aria-labelledby="steps-title">
        <h3 id="steps-title">{a.steps}</h3>
        <p className="quiet">{a.stepsHint}</p>
        <StepsTable steps={policy.steps} path={`${path}.steps`} bounds={base.bounds} onChange={(steps) => change({ steps })} />
      </section>
      <section className="block" aria-labelledby="weights-title">
        <h3 id="weights-title">{a.weights}</h3>
        <p className="quiet">{a.weightsHint}</p>
        <WeightSliders weights={policy.weights} features={base.features} path={`${path}.weights`} most={base.bounds["weight"] ?? 0} onChange={(weights) => change({ weights })} />
      </section>
      <FinePrint policy={policy} path={path} bounds={base.bounds} onChange={change} />
    </>
  );
}
