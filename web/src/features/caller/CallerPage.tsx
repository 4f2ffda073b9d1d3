import { useEffect, useState } from "react";
import { Icon, Mark } from "@/components/Icon";
import { Problem, Skeleton } from "@/components/Parts";
import type { PublicMatters } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";
import { attend } from "./acts";
import { CallbackForm } from "./CallbackForm";
import { InCall } from "./InCall";
import { MatterPicker } from "./MatterPicker";
import { readMatters } from "./publicApi";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

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
        {offer && matter && step === "choosing" && <MatterPicker matters={offer.matters} chosen={matter.id} onChoose={setChosen} />}
        {matter && step === "leaving_number" && <CallbackForm matter={matter} />}
        {offer && step === "in_call" && <InCall matters={offer.matters} />}
      </main>
    </div>
  );
}

function useMatters() {
  const [offer, setOffer] = useState<PublicMatters | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let current = true;
    readMatters().then(
      (got) => current && setOffer(got),
      () => current && setFailed(true),
    );
    return () => void (current = false);
  }, [tries]);
  const ask = () => {
    setFailed(false);
    setTries(tries + 1);
  };
  return { offer, failed, ask };
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
