import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import type { PublicMatters } from "@/lib/contract";
import { waitMinutes } from "@/lib/format";
import { callNow } from "./acts";
import { pictureOf } from "./pictures";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

export type Matter = PublicMatters["matters"][number];

interface Props {
  matters: Matter[];
  chosen: string;
  onChoose: (id: string) => void;
}

/** What is it about, how long is the wait, and the button. */
export function MatterPicker({ matters, chosen, onChoose }: Props) {
  const { w, lang } = useCallerWords();
  const busy = useVisit((visit) => visit.busy);
  return (
    <>
      <h1 className="caller__title">{w.title}</h1>
      <p className="caller__lead">{w.lead}</p>
      <div className="matters" role="radiogroup" aria-label={w.title}>
        {matters.map((matter) => (
          <label key={matter.id} className="matter" data-checked={matter.id === chosen}>
            <Icon name={pictureOf(matter.id)} size={20} />
            <span className="matter__name">
              <b>{matter[lang]}</b>
              <span>{matter.hint[lang]}</span>
            </span>
            <span className="matter__wait tabular">
              <Wait seconds={matter.wait_seconds} />
            </span>
            <input type="radio" name="matter" checked={matter.id === chosen} onChange={() => onChoose(matter.id)} />
            <span className="matter__mark" aria-hidden="true" />
          </label>
        ))}
      </div>
      <p className="caller__note">
        <Icon name="lock" />
        {w.recording}
      </p>
      <div className="caller__foot">
        <Button look="primary" size="large" icon="phone" disabled={busy} onClick={() => void callNow(chosen, lang)}>
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

function Wait({ seconds }: { seconds: number | null }) {
  const { w } = useCallerWords();
  if (seconds === null) return w.unknownWait;
  return seconds <= 0 ? w.noWait : w.minutes(waitMinutes(seconds));
}
