import { useId, useState, type SubmitEvent } from "react";
import { Button } from "@/components/Button";
import { useMinute } from "@/hooks/useNow";
import type { PublicHours } from "@/lib/contract";
import { toE164 } from "@/lib/format";
import { whenIs } from "@/lib/opening";
import { askCallback } from "./acts";
import type { Matter } from "./MatterPicker";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** A number instead of a wait, or of the night. */
export function CallbackForm({ matter, hours }: { matter: Matter; hours: PublicHours | undefined }) {
  const { w, lang } = useCallerWords();
  const { busy, contact } = useVisit();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const now = useMinute();
  const hint = contact || !hours || hours.open ? w.callbackHint : hours.changes_at === null ? w.callbackHintLater : w.callbackHintThen(whenIs(hours.changes_at, now, hours.zone, lang));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const number = toE164(typed);
    setWrong(number === null);
    if (number !== null) void askCallback(number, matter.id, lang);
  };
  const back = () => useVisit.setState({ step: contact ? "in_call" : "choosing", problem: null });
  return (
    <form className="card callback" onSubmit={submit} noValidate>
      <h1>{w.callbackTitle}</h1>
      <p className="caller__lead">
        {matter[lang]}・{hint}
      </p>
      <div className="field" data-missing={wrong}>
        <label htmlFor={id}>{w.number}</label>
        <input id={id} className="input" type="tel" inputMode="tel" autoComplete="tel" maxLength={24} aria-invalid={wrong} aria-describedby={`${id}-hint`} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <p className="field__hint" id={`${id}-hint`} role={wrong ? "alert" : undefined}>
          {wrong ? w.numberWrong : w.numberHint}
        </p>
      </div>
      <Button look="primary" size="large" type="submit" icon="phone" disabled={busy || typed === ""}>
        {w.confirm}
      </Button>
      <Button size="large" className="caller__second" onClick={back}>
        {w.back}
      </Button>
    </form>
  );
}
