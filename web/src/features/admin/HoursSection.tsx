import { Empty } from "@/components/Parts";
import { useMinute } from "@/hooks/useNow";
import { addEntry, edit, editEntry, freshId, removeEntry } from "@/lib/admin/draft";
import { isZone } from "@/lib/admin/wrongs";
import type { ConfigCalendar, ConfigData } from "@/lib/contract";
import { clockThere, type Span } from "@/lib/opening";
import { OPENING_WORDS } from "@/lib/words/opening";
import { DaysEditor } from "./DaysEditor";
import { EntryHead } from "./EntryHead";
import { Field } from "./Fields";
import { ListAndOne } from "./ListAndOne";
import { OpenNow } from "./OpenNow";
import { useAdminWords } from "./useAdminWords";
import { useChosen } from "./useChosen";
import { WeekEditor } from "./WeekEditor";

const WORKDAYS = [0, 1, 2, 3, 4];
const OFFICE_HOURS: Span[] = WORKDAYS.map((day) => ({ day, start: "09:00", end: "18:00" }));
const ZONES = Intl.supportedValuesOf("timeZone");

/** When queues are open: a week, and the days that are not like others. */
export function HoursSection({ config }: { config: ConfigData }) {
  const { a, pick } = useAdminWords();
  const [at, choose] = useChosen("calendars", config.calendars.length);
  const calendar = config.calendars[at];
  const entries = config.calendars.map((each, n) => ({ id: each.id, name: pick(each) || a.newName, line: <OpenNow calendar={each} path={`calendars.${n}`} /> }));
  const add = () => {
    const zone = config.calendars[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    addEntry("calendars", { id: freshId("calendar", config.calendars), zh: "", en: "", zone, week: OFFICE_HOURS, holidays: [] });
    choose(config.calendars.length);
  };
  return (
    <ListAndOne label={a.sections.hours} list="calendars" entries={entries} at={at} onChoose={choose} add={a.office.add} onAdd={add}>
      {calendar ? (
        <CalendarEditor key={at} at={at} calendar={calendar} config={config} />
      ) : (
        <Empty icon="calendar" title={a.office.nothing}>
          {a.office.nothingHint}
        </Empty>
      )}
    </ListAndOne>
  );
}

function CalendarEditor({ at, calendar, config }: { at: number; calendar: ConfigCalendar; config: ConfigData }) {
  const { a, pick, lang } = useAdminWords();
  const path = `calendars.${at}`;
  const users = config.queues.filter((each) => each.calendar === calendar.id);
  const change = ({ id = calendar.id, ...next }: Partial<ConfigCalendar>) => {
    editEntry("calendars", at, { ...next, id });
    // Queues go by the id: a new one takes them along.
    if (id !== calendar.id) edit({ queues: config.queues.map((each) => (users.includes(each) ? { ...each, calendar: id } : each)) });
  };
  const beside = (
    <p className="beside quiet">
      <OpenNow calendar={calendar} path={path} />
      <span>{users.length > 0 ? a.office.usedBy(users.map(pick).join(OPENING_WORDS[lang].comma)) : a.office.usedNowhere}</span>
    </p>
  );
  return (
    <>
      <EntryHead list="calendars" at={at} entry={calendar} locked={users.length > 0 ? a.office.inUse : ""} beside={beside} onChange={change} onRemove={() => removeEntry("calendars", at)}>
        <Zone zone={calendar.zone} path={`${path}.zone`} onChange={(zone) => change({ zone })} />
      </EntryHead>
      <WeekEditor week={calendar.week} path={`${path}.week`} onChange={(week) => change({ week })} />
      <DaysEditor days={calendar.holidays} zone={calendar.zone} path={`${path}.holidays`} onChange={(holidays) => change({ holidays })} />
    </>
  );
}

function Zone({ zone, path, onChange }: { zone: string; path: string; onChange: (zone: string) => void }) {
  const { a } = useAdminWords();
  const now = useMinute();
  return (
    <Field label={a.office.zone} path={path} {...(isZone(zone) && { hint: a.office.zoneNow(clockThere(now, zone)) })}>
      {(props) => (
        <>
          <input {...props} className="input" list="zones" maxLength={64} autoComplete="off" spellCheck={false} value={zone} onChange={(event) => onChange(event.target.value.trim())} />
          <datalist id="zones">
            {ZONES.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
