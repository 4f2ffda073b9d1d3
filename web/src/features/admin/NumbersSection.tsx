import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Empty } from "@/components/Parts";
import { addEntry, editEntry, removeEntry } from "@/lib/admin/draft";
import type { AdminConfig, ConfigData, ConfigNumber } from "@/lib/contract";
import { Choose, Field, TextField } from "./Fields";
import { RefusedCallers } from "./RefusedCallers";
import { useAdminWords } from "./useAdminWords";
import { useMayWrite } from "./useMayWrite";

const LONGEST_TYPED = 16;
const NEW_NUMBER: ConfigNumber = { number: "", zh: "", en: "", lang: "", queue: "" };

/** The numbers that are the company's own, and the callers whom none of them takes. */
export function NumbersSection({ config, base }: { config: ConfigData; base: AdminConfig }) {
  const { a } = useAdminWords();
  const mayWrite = useMayWrite();
  return (
    <div className="pad">
      <section className="part" aria-labelledby="numbers-title">
        <h2 id="numbers-title">{a.office.numbers}</h2>
        <p className="quiet">{a.office.numbersHint}</p>
        {config.numbers.length === 0 && (
          <Empty icon="phone" title={a.office.noNumbers}>
            {a.office.noNumbersHint}
          </Empty>
        )}
        <fieldset disabled={!mayWrite}>
          <ul className="cards" aria-labelledby="numbers-title">
            {config.numbers.map((each, n) => (
              <Line key={n} at={n} number={each} config={config} />
            ))}
          </ul>
          {mayWrite && <Button onClick={() => addEntry("numbers", NEW_NUMBER)}>＋ {a.office.addNumber}</Button>}
        </fieldset>
      </section>
      <RefusedCallers base={base} />
    </div>
  );
}

function Line({ at, number, config }: { at: number; number: ConfigNumber; config: ConfigData }) {
  const { a, pick } = useAdminWords();
  const o = a.office;
  const path = `numbers.${at}`;
  const change = (next: Partial<ConfigNumber>) => editEntry("numbers", at, next);
  const greetings = Object.entries(o.greetings).map(([value, label]) => ({ value, label }));
  const ways = [{ value: "", label: o.menu }, ...config.queues.map((each) => ({ value: each.id, label: pick(each) || each.id }))];
  return (
    <li className="card card--number">
      <TextField label={o.number} path={`${path}.number`} value={number.number} maxLength={LONGEST_TYPED} onChange={(typed) => change({ number: typed.replace(/[\s\-()]/g, "") })} />
      <TextField label={a.nameZh} path={`${path}.zh`} value={number.zh} onChange={(zh) => change({ zh })} />
      <TextField label={a.nameEn} path={`${path}.en`} value={number.en} onChange={(en) => change({ en })} />
      <Field label={o.greeting} path={`${path}.lang`}>
        {() => <Choose label={o.greeting} path={`${path}.lang`} value={number.lang} options={greetings} onChange={(lang) => change({ lang })} />}
      </Field>
      <Field label={o.leadsTo} path={`${path}.queue`}>
        {() => <Choose label={o.leadsTo} path={`${path}.queue`} value={number.queue} options={ways} onChange={(queue) => change({ queue })} />}
      </Field>
      <button type="button" className="icon-button" aria-label={`${o.remove} ${number.number}`} title={o.remove} onClick={() => removeEntry("numbers", at)}>
        <Icon name="cross" />
      </button>
    </li>
  );
}
