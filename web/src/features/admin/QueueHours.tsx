import { useSealWords } from "@/hooks/useSealWords";
import { editEntry } from "@/lib/admin/draft";
import type { ConfigData, ConfigQueue } from "@/lib/contract";
import { Choose, Field, NumberInput, WrongAt } from "./Fields";
import { OpenNow } from "./OpenNow";
import { useAdminWords } from "./useAdminWords";

/** Seconds, as the server bounds them. */
const MOST_OVERFLOW_S = 3_600;
const FIRST_OVERFLOW_S = 120;

/** When a queue is open, what it offers while it is not, where those go who wait too long, whether calls from a page are sealed. */
export function QueueHours({ at, queue, config }: { at: number; queue: ConfigQueue; config: ConfigData }) {
  const { a, pick } = useAdminWords();
  const o = a.office;
  const s = useSealWords();
  const path = `queues.${at}`;
  const change = (next: Partial<ConfigQueue>) => editEntry("queues", at, next);
  const place = config.calendars.findIndex((each) => each.id === queue.calendar);
  const calendar = config.calendars[place];
  const calendars = [{ value: "", label: o.always }, ...config.calendars.map((each) => ({ value: each.id, label: pick(each) || each.id }))];
  const others = config.queues.filter((each) => each.id !== queue.id);
  const onward = [{ value: "", label: o.overflowNever }, ...others.map((each) => ({ value: each.id, label: pick(each) || each.id }))];
  const classes = (["open", "sealed"] as const).map((value) => ({ value, label: s[value] }));
  const closings = Object.entries(o.closings).map(([value, label]) => ({ value, label }));
  return (
    <section className="block" aria-labelledby="hours-title">
      <h3 id="hours-title">{o.queueTitle}</h3>
      <div className="fields">
        <Field label={o.calendar} path={`${path}.calendar`}>
          {() => (
            <>
              <Choose label={o.calendar} path={`${path}.calendar`} value={queue.calendar} options={calendars} onChange={(next) => change({ calendar: next })} />
              {calendar && <OpenNow calendar={calendar} path={`calendars.${place}`} />}
            </>
          )}
        </Field>
        <Field label={o.closed} path={`${path}.closed`} {...(calendar && { hint: o.closedHint })}>
          {() => <Choose label={o.closed} path={`${path}.closed`} disabled={!calendar} value={queue.closed} options={closings} onChange={(closed) => change({ closed })} />}
        </Field>
        <Field label={o.overflowTo} path={`${path}.overflow_to`}>
          {() => <Choose label={o.overflowTo} path={`${path}.overflow_to`} value={queue.overflow_to} options={onward} onChange={(next) => change({ overflow_to: next, overflow_after_s: next ? queue.overflow_after_s || FIRST_OVERFLOW_S : 0 })} />}
        </Field>
        {queue.overflow_to && (
          <div className="field">
            <span className="field__label">{o.overflowAfter}</span>
            <NumberInput label={o.overflowAfter} path={`${path}.overflow_after_s`} value={queue.overflow_after_s} least={0} most={MOST_OVERFLOW_S} onChange={(overflow_after_s) => change({ overflow_after_s })} />
            <WrongAt path={`${path}.overflow_after_s`} />
          </div>
        )}
        <Field label={s.queue} path={`${path}.sealed`} hint={s.queueHint}>
          {() => <Choose label={s.queue} path={`${path}.sealed`} value={queue.sealed ? "sealed" : "open"} options={classes} onChange={(next) => change({ sealed: next === "sealed" })} />}
        </Field>
      </div>
    </section>
  );
}
