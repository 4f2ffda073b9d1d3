import { addEntry, editEntry, freshId, removeEntry } from "@/lib/admin/draft";
import type { Need } from "@/lib/admin/need";
import type { ConfigData, ConfigMatter } from "@/lib/contract";
import { EntryHead } from "./EntryHead";
import { at as placed, Choose, Field, TextField } from "./Fields";
import { ListAndOne } from "./ListAndOne";
import { NeedEditor } from "./NeedEditor";
import { useAdminWords } from "./useAdminWords";
import { useChosen } from "./useChosen";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

/** What customers call about: where it goes, how hard it is, what it asks of agents. */
export function MattersSection({ config }: { config: ConfigData }) {
  const { a, pick } = useAdminWords();
  const [at, choose] = useChosen("matters", config.matters.length);
  const matter = config.matters[at];
  const queueName = (id: string) => {
    const queue = config.queues.find((each) => each.id === id);
    return queue ? pick(queue) : id;
  };
  const entries = config.matters.map((each) => ({ id: each.id, name: pick(each) || a.newName, line: `${a.keyShort(each.key)}・${queueName(each.queue)}` }));
  const free = KEYS.find((key) => !config.matters.some((each) => each.key === key));
  const add = () => {
    addEntry("matters", { id: freshId("matter", config.matters), zh: "", en: "", hint: { zh: "", en: "" }, key: free ?? "", queue: config.queues[0]?.id ?? "", need: { all: [] }, difficulty: 50 });
    choose(config.matters.length);
  };
  return (
    <ListAndOne label={a.sections.matters} list="matters" entries={entries} at={at} onChoose={choose} add={a.addMatter} onAdd={add}>
      {matter && <MatterEditor key={at} at={at} matter={matter} config={config} />}
    </ListAndOne>
  );
}

function MatterEditor({ at, matter, config }: { at: number; matter: ConfigMatter; config: ConfigData }) {
  const { a, pick } = useAdminWords();
  const path = `matters.${at}`;
  const change = (next: Partial<ConfigMatter>) => editEntry("matters", at, next);
  return (
    <>
      <EntryHead list="matters" at={at} entry={matter} onChange={change} onRemove={() => removeEntry("matters", at)}>
        <Field label={a.key} path={`${path}.key`}>
          {() => <Choose label={a.key} path={`${path}.key`} value={matter.key} options={KEYS.map((value) => ({ value, label: value }))} onChange={(key) => change({ key })} />}
        </Field>
        <TextField label={`${a.hint}・${a.nameZh}`} path={`${path}.hint.zh`} value={matter.hint.zh} onChange={(zh) => change({ hint: { ...matter.hint, zh } })} />
        <TextField label={`${a.hint}・${a.nameEn}`} path={`${path}.hint.en`} value={matter.hint.en} onChange={(en) => change({ hint: { ...matter.hint, en } })} />
        <Field label={a.matterQueue} path={`${path}.queue`}>
          {() => <Choose label={a.matterQueue} path={`${path}.queue`} value={matter.queue} options={config.queues.map((each) => ({ value: each.id, label: pick(each) || each.id }))} onChange={(queue) => change({ queue })} />}
        </Field>
        <Difficulty value={matter.difficulty} path={`${path}.difficulty`} onChange={(difficulty) => change({ difficulty })} />
      </EntryHead>
      <section className="block" aria-labelledby="need-title">
        <h3 id="need-title">{a.matterNeed}</h3>
        <p className="quiet">{a.nextToWhat}</p>
        <NeedEditor need={matter.need as unknown as Need} path={`${path}.need`} onChange={(need) => change({ need: need as unknown as Record<string, unknown> })} />
      </section>
    </>
  );
}

function Difficulty({ value, path, onChange }: { value: number; path: string; onChange: (value: number) => void }) {
  const { a } = useAdminWords();
  return (
    <Field label={`${a.difficulty} ${value}`} path={path} hint={a.difficultyHint}>
      {(props) => (
        <span className="ends">
          {a.easy}
          <input {...props} type="range" className="slider" style={placed(value, 100)} min={0} max={100} step={5} value={value} onChange={(event) => onChange(event.target.valueAsNumber)} />
          {a.hard}
        </span>
      )}
    </Field>
  );
}
