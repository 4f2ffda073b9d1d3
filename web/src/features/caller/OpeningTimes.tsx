import { Icon } from "@/components/Icon";
import { useMinute } from "@/hooks/useNow";
import type { PublicHours } from "@/lib/contract";
import { dayOf, hoursOf, openingTold, sameClock, weekdayOf, weekLines } from "@/lib/opening";
import { OPENING_WORDS } from "@/lib/words/opening";
import { openingNow } from "./hours";
import { useCallerWords } from "./words";

/** Open or not and until when, with the week and the special days ahead; unfolded where nobody is there. */
export function OpeningTimes({ hours }: { hours: PublicHours }) {
  const { w, lang } = useCallerWords();
  const now = useMinute();
  const { shut, weekdays } = OPENING_WORDS[lang];
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const lines = weekLines(hours.week, lang);
  return (
    <details className="hours" open={!hours.open}>
      <summary aria-label={`${w.hours}: ${openingTold(openingNow(hours, now), now, hours.zone, lang)}`}>
        <i className={hours.open ? "dot" : "dot dot--hollow"} aria-hidden="true" />
        <span>{openingTold(openingNow(hours, now), now, hours.zone, lang)}</span>
        <Icon name="down" />
      </summary>
      <dl className="hours__lines tabular">
        {lines.map((line) => (
          <div key={line.days}>
            <dt>{line.days}</dt>
            <dd>{line.hours}</dd>
          </div>
        ))}
        {hours.days.map((day) => (
          <div key={day.date}>
            <dt>
              {dayOf(day.date, lang)} {weekdays[weekdayOf(day.date)]}
            </dt>
            <dd>
              {day.start ? hoursOf([day], lang) : shut}
              <span className="quiet">{day[lang]}</span>
            </dd>
          </div>
        ))}
      </dl>
      {!sameClock(now, hours.zone, here) && <p className="hours__zone quiet">{w.zoneNote(hours.zone)}</p>}
    </details>
  );
}
