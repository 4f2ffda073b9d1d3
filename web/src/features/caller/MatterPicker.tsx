import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useMinute } from "@/hooks/useNow";
import { useSealWords } from "@/hooks/useSealWords";
import type { PublicHours, PublicMatters } from "@/lib/contract";
import { waitMinutes } from "@/lib/format";
import { whenIs } from "@/lib/opening";
import { canSeal } from "@/lib/sealed";
import { callNow } from "./acts";
import { hoursFor } from "./hours";
import { OpeningTimes } from "./OpeningTimes";
import { pictureOf } from "./pictures";
import { useVisit } from "./visit";
import { WhileShut } from "./WhileShut";
import { useCallerWords } from "./words";

export type Matter = PublicMatters["matters"][number];

interface Props {
  offer: PublicMatters;
  chosen: Matter;
  onChoose: (id: string) => void;
}

/** What is it about, is somebody there, how long is the wait, and the button. */
export function MatterPicker({ offer, chosen, onChoose }: Props) {
  const { w, lang } = useCallerWords();
  const hours = hoursFor(offer, chosen);
  return (
    <>
      <h1 className="caller__title">{w.title}</h1>
      <p className="caller__lead">{w.lead}</p>
      <div className="matters" role="radiogroup" aria-label={w.title}>
        {offer.matters.map((matter) => (
          <label key={matter.id} className="matter" data-checked={matter.id === chosen.id}>
            <Icon name={pictureOf(matter.id)} size={20} />
            <span className="matter__name">
              <b>{matter[lang]}</b>
              <span>{matter.hint[lang]}</span>
            </span>
            <span className="matter__wait tabular">
              <Wait matter={matter} hours={hoursFor(offer, matter)} />
            </span>
            <input type="radio" name="matter" checked={matter.id === chosen.id} onChange={() => onChoose(matter.id)} />
            <span className="matter__mark" aria-hidden="true" />
          </label>
        ))}
      </div>
      {hours && <OpeningTimes key={`${hours.id} ${hours.open}`} hours={hours} />}
      {hours && !hours.open ? (
        <div className="caller__foot">
          <WhileShut matter={chosen} />
        </div>
      ) : (
        <Call matter={chosen} />
      )}
    </>
  );
}

function Call({ matter }: { matter: Matter }) {
  const { w, lang } = useCallerWords();
  const s = useSealWords();
  const busy = useVisit((visit) => visit.busy);
  return (
    <>
      <p className="caller__note">
        <Icon name="lock" />
        {matter.sealed ? (canSeal() ? s.before : s.cannot) : w.recording}
      </p>
      <div className="caller__foot">
        <Button look="primary" size="large" icon="phone" disabled={busy || (matter.sealed && !canSeal())} onClick={() => void callNow(matter.id, lang)}>
          {busy ? w.calling : w.call}
        </Button>
        <Button size="large" icon="clock" className="caller__second" disabled={busy} onClick={() => useVisit.setState({ step: "leaving_number" })}>
          {w.callMe}
        </Button>
        <p className="quiet">{w.data}</p>
      </div>
    </>
  );
}

function Wait({ matter, hours }: { matter: Matter; hours: PublicHours | undefined }) {
  const { w, lang } = useCallerWords();
  const now = useMinute();
  const seconds = matter.wait_seconds;
  if (hours && !hours.open) return hours.changes_at === null ? w.shut : w.opensShort(whenIs(hours.changes_at, now, hours.zone, lang, true));
  if (seconds === null) return w.unknownWait;
  return seconds <= 0 ? w.noWait : w.minutes(waitMinutes(seconds));
}
