import type { CSSProperties } from "react";
import { Icon } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { copyDay, nextSpan, readClock } from "@/lib/admin/hours";
import { WEEK, type Span } from "@/lib/opening";
import { OPENING_WORDS } from "@/lib/words/opening";
import { WrongAt } from "./Fields";
import { ReadInput } from "./ReadInput";
import { useAdminWords } from "./useAdminWords";

interface Props {
  week: Span[];
  path: string;
  onChange: (week: Span[]) => void;
}

const WORKDAYS = WEEK.slice(0, 5);
const CLOCK = { read: readClock, length: 5 };
const HOURS = [0, 6, 12, 18, 24];

/** The open times of each day of the week, as bars and as text to type. */
export function WeekEditor({ week, path, onChange }: Props) {
  const { a } = useAdminWords();
  return (
    <section className="block" aria-labelledby="week-title">
      <h3 id="week-title">{a.office.week}</h3>
      <p className="quiet">{a.office.weekHint}</p>
      <div className="week">
        <div className="week__scale quiet tabular" aria-hidden="true">
          {HOURS.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </div>
        {WEEK.map((day) => (
          <Day key={day} day={day} week={week} path={path} onChange={onChange} />
        ))}
      </div>
      <WrongAt path={path} />
    </section>
  );
}

function Day({ day, week, path, onChange }: Props & { day: number }) {
  const { a, lang } = useAdminWords();
  const { weekdays, shut } = OPENING_WORDS[lang];
  const name = weekdays[day] ?? "";
  // Positions in the whole week are what the server names in a refusal.
  const spans = week.map((span, at) => ({ span, at })).filter(({ span }) => span.day === day);
  const next = nextSpan(week, day);
  const copy = (to: readonly number[]) => onChange(copyDay(week, day, to));
  const others = WEEK.filter((each) => each !== day);
  const items = [
    { id: "workdays", label: a.office.workdays, onChoose: () => copy(WORKDAYS) },
    { id: "all", label: a.office.everyDay, onChoose: () => copy(WEEK) },
    ...others.map((each, n) => ({ id: String(each), label: weekdays[each], apart: n === 0, onChoose: () => copy([each]) })),
  ];
  return (
    <div className="week__day" role="group" aria-label={name}>
      <b className="week__name">{name}</b>
      <div className="week__bar" aria-hidden="true">
        {spans.map(({ span, at }) => (
          <i key={at} style={placed(span)} />
        ))}
      </div>
      <div className="week__spans">
        {spans.length === 0 && <span className="week__shut quiet">{shut}</span>}
        {spans.map(({ span, at }, n) => {
          const change = (part: Partial<Span>) => onChange(week.map((each, place) => (place === at ? { ...each, ...part } : each)));
          return (
            <div key={at} className="span">
              <ReadInput {...CLOCK} label={a.office.from(name, n + 1)} path={`${path}.${at}.start`} value={span.start} onChange={(start) => change({ start })} />
              <span aria-hidden="true">–</span>
              <ReadInput {...CLOCK} label={a.office.to(name, n + 1)} path={`${path}.${at}.end`} value={span.end} onChange={(end) => change({ end })} />
              <button type="button" className="icon-button" aria-label={a.office.removeSpan(name, n + 1)} title={a.office.removeSpan(name, n + 1)} onClick={() => onChange(week.filter((_, place) => place !== at))}>
                <Icon name="cross" />
              </button>
              <WrongAt path={`${path}.${at}`} within />
            </div>
          );
        })}
        {next && (
          <button type="button" className="icon-button" aria-label={a.office.addSpan(name)} title={a.office.addSpan(name)} onClick={() => onChange([...week, next])}>
            ＋
          </button>
        )}
      </div>
      <Menu button={a.office.copy} label={a.office.copyOf(name)} items={items} />
    </div>
  );
}

/** From where to where of the day, in percent; nothing for what is no time. */
function placed({ start, end }: Span): CSSProperties {
  const share = (clock: string) => (100 * (Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)))) / (24 * 60);
  const shown = readClock(start) === start && readClock(end) === end && start < end;
  return shown ? { left: `${share(start)}%`, width: `${share(end) - share(start)}%` } : { display: "none" };
}
