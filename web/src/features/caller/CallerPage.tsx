import { useEffect, useState } from "react";
import { Icon, Mark } from "@/components/Icon";
import { Problem, Skeleton } from "@/components/Parts";
import { hearServerTime } from "@/lib/clock";
import type { PublicMatters } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";
import { attend } from "./acts";
import { CallbackForm } from "./CallbackForm";
import { hoursFor } from "./hours";
import { InCall } from "./InCall";
import { MatterPicker } from "./MatterPicker";
import { readMatters } from "./publicApi";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

const ASK_AGAIN_MS = 60_000;

/** The whole page of somebody who calls from a browser. */
export function CallerPage() {
  const { w, lang } = useCallerWords();
  const { step, problem } = useVisit();
  const { offer, failed, ask } = useMatters();
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(attend, []);
  const matter = offer?.matters.find((each) => each.id === chosen) ?? offer?.matters[0];
  return (
    <div className="caller">
      <CallerHead company={offer?.company[lang] ?? ""} />
      <main className="caller__main">
        {problem && <Problem>{problem[lang]}</Problem>}
        {failed && (
          <div className="problem" role="alert">
            <Icon name="warn" />
            {w.problem}
            <button type="button" className="link" onClick={ask}>
              {w.retry}
            </button>
          </div>
        )}
        {!offer && !failed && <Skeleton lines={6} label="…" />}
        {offer && matter && step === "choosing" && <MatterPicker offer={offer} chosen={matter} onChoose={setChosen} />}
        {offer && matter && step === "leaving_number" && <CallbackForm matter={matter} hours={hoursFor(offer, matter)} />}
        {offer && step === "in_call" && <InCall offer={offer} />}
      </main>
    </div>
  );
}

/** What one may call about; asked again while the visitor chooses, and after a refusal: doors open and shut meanwhile. */
function useMatters() {
  const [offer, setOffer] = useState<PublicMatters | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const { step, problem } = useVisit();
  const again = () => setTries((before) => before + 1);
  useEffect(() => {
    let current = true;
    readMatters().then(
      (got) => {
        if (!current) return;
        hearServerTime(got.now);
        setFailed(false);
        setOffer(got);
      },
      () => current && setFailed(true),
    );
    return () => void (current = false);
  }, [tries, problem]);
  useEffect(() => {
    if (step !== "choosing") return;
    const timer = setInterval(again, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [step]);
  return { offer, failed: failed && !offer, ask: again };
}

function CallerHead({ company }: { company: string }) {
  const { w, lang } = useCallerWords();
  return (
    <header className="caller__head">
      <Mark size={24} />
      <b>{company}</b>
      <span className="quiet">{w.online}</span>
      <button type="button" className="caller__lang" onClick={() => setPrefs({ lang: lang === "zh" ? "en" : "zh" })}>
        <span className="hidden">{w.language}: </span>
        {lang === "zh" ? "English" : "中文"}
      </button>
    </header>
  );
}
