import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useMinute } from "@/hooks/useNow";
import { dayAfter, readClock, readDay } from "@/lib/admin/hours";
import { isZone } from "@/lib/admin/wrongs";
import type { ConfigHoliday } from "@/lib/contract";
import { wallAt, weekdayOf } from "@/lib/opening";
import { OPENING_WORDS } from "@/lib/words/opening";
import { Choose, useWrong, WrongAt } from "./Fields";
import { ReadInput } from "./ReadInput";
import { useAdminWords } from "./useAdminWords";

interface Props {
  days: ConfigHoliday[];
  zone: string;
  path: string;
  onChange: (days: ConfigHoliday[]) => void;
}

const CLOCK = { read: readClock, length: 5 };
const DATE = { read: readDay, length: 10, placeholder: "2026-10-01" };
const NEW_DAY: ConfigHoliday = { date: "", zh: "", en: "", start: "", end: "" };
/** A date still to be chosen comes last. */
const inOrder = (days: ConfigHoliday[]): ConfigHoliday[] => days.toSorted((one, other) => (one.date || "9").localeCompare(other.date || "9"));

/** The days that are not like others: closed, or with times of their own. */
export function DaysEditor({ days, zone, path, onChange }: Props) {
  const { a } = useAdminWords();
  const now = useMinute();
  const today = isZone(zone) ? wallAt(now, zone).date : "";
  return (
    <section className="block" aria-labelledby="days-title">
      <h3 id="days-title">{a.office.days}</h3>
      <p className="quiet">{a.office.daysHint}</p>
      {days.length === 0 && <p className="quiet">{a.office.noDays}</p>}
      <ul className="days" aria-labelledby="days-title">
        {days.map((day, n) => (
          <Day
            key={n}
            n={n}
            day={day}
            path={`${path}.${n}`}
            past={day.date !== "" && day.date < today}
            onChange={(part) => onChange(days.map((each, at) => (at === n ? { ...each, ...part } : each)))}
            onRemove={() => onChange(inOrder(days.filter((_, at) => at !== n)))}
            onNext={() => onChange(inOrder([...days, dayAfter(day)]))}
          />
        ))}
      </ul>
      <WrongAt path={path} />
      <Button size="small" onClick={() => onChange([...inOrder(days), NEW_DAY])}>
        ＋ {a.office.addDay}
      </Button>
    </section>
  );
}

interface DayProps {
  n: number;
  day: ConfigHoliday;
  path: string;
  past: boolean;
  onChange: (part: Partial<ConfigHoliday>) => void;
  onRemove: () => void;
  onNext: () => void;
}

function Day({ n, day, path, past, onChange, onRemove, onNext }: DayProps) {
  const { a, lang } = useAdminWords();
  const o = a.office;
  const name = (what: string) => o.ofDay(what, n + 1);
  const weekday = readDay(day.date) ? OPENING_WORDS[lang].weekdays[weekdayOf(day.date)] : "";
  const open = day.start !== "" || day.end !== "";
  return (
    <li className="days__day" data-past={past}>
      <ReadInput {...DATE} label={name(o.date)} path={`${path}.date`} value={day.date} onChange={(date) => onChange({ date })} />
      <span className="days__weekday quiet">{past ? o.past : weekday}</span>
      <NameInput label={name(o.nameZh)} hint={o.nameZh} path={`${path}.zh`} value={day.zh} onChange={(zh) => onChange({ zh })} />
      <NameInput label={name(o.nameEn)} hint={o.nameEn} path={`${path}.en`} value={day.en} onChange={(en) => onChange({ en })} />
      <Choose label={name(o.onThatDay)} value={open ? 1 : 0} options={[o.closedThen, o.openThen].map((label, value) => ({ value, label }))} onChange={(now) => onChange(now ? { start: "09:00", end: "18:00" } : { start: "", end: "" })} />
      <span className="span">
        {open && (
          <>
            <ReadInput {...CLOCK} label={name(o.start)} path={`${path}.start`} value={day.start} onChange={(start) => onChange({ start })} />
            <span aria-hidden="true">–</span>
            <ReadInput {...CLOCK} label={name(o.end)} path={`${path}.end`} value={day.end} onChange={(end) => onChange({ end })} />
          </>
        )}
      </span>
      <span className="days__acts">
        <button type="button" className="need__more" aria-label={name(o.nextDay)} disabled={readDay(day.date) === null} onClick={onNext}>
          ＋ {o.nextDay}
        </button>
        <button type="button" className="icon-button" aria-label={name(o.remove)} title={o.remove} onClick={onRemove}>
          <Icon name="cross" />
        </button>
      </span>
      <WrongAt path={path} within />
    </li>
  );
}

function NameInput({ label, hint, path, value, onChange }: { label: string; hint: string; path: string; value: string; onChange: (value: string) => void }) {
  const wrong = useWrong(path) !== null;
  return <input className="input" aria-label={label} placeholder={hint} aria-invalid={wrong} maxLength={64} value={value} onChange={(event) => onChange(event.target.value)} />;
}
