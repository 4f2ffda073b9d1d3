import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { Segmented } from "@/components/Segmented";
import { useSignOut } from "@/hooks/useSession";
import { useWords } from "@/hooks/useWords";
import type { Agent } from "@/lib/contract";
import { setPrefs, usePrefs } from "@/lib/prefs";
import { chimeOnce } from "@/lib/tone";
import { KeyEditor } from "./KeyEditor";
import { NotificationSwitch } from "./NotificationSwitch";
import { SoundChoice } from "./SoundChoice";

/** What a person may choose for this browser. */
export function SettingsPanel({ agent }: { agent: Agent | null }) {
  const { w } = useWords();
  const signOut = useSignOut();
  return (
    <section className="page page--narrow" aria-labelledby="settings-title">
      <header className="page__head">
        <h1 id="settings-title">{w.settings}</h1>
        <Button onClick={() => signOut.mutate()}>{w.signOut}</Button>
      </header>
      <Appearance />
      {agent && <SoundChoice agent={agent} />}
      <Ringing />
      <KeyEditor />
    </section>
  );
}

function Appearance() {
  const { w } = useWords();
  const { lang, theme, calm } = usePrefs();
  return (
    <fieldset className="group">
      <legend>{w.appearance}</legend>
      <Row label={w.languageSetting}>
        <Segmented name="lang" label={w.languageSetting} value={lang} options={[{ value: "zh", label: "简体中文" }, { value: "en", label: "English" }]} onChange={(value) => setPrefs({ lang: value })} />
      </Row>
      <Row label={w.theme}>
        <Segmented name="theme" label={w.theme} value={theme} options={[{ value: "system", label: w.themeSystem }, { value: "light", label: w.themeLight }, { value: "dark", label: w.themeDark }]} onChange={(value) => setPrefs({ theme: value })} />
      </Row>
      <Row label={w.motion}>
        <Segmented name="motion" label={w.motion} value={calm ? "off" : "on"} options={[{ value: "on", label: w.motionOn }, { value: "off", label: w.motionOff }]} onChange={(value) => setPrefs({ calm: value === "off" })} />
      </Row>
    </fieldset>
  );
}

function Ringing() {
  const { w } = useWords();
  const muted = usePrefs((prefs) => prefs.ringMuted);
  return (
    <fieldset className="group">
      <legend>{w.ringSetting}</legend>
      <Row label={w.ringSound}>
        <Segmented name="ring" label={w.ringSound} value={muted ? "off" : "on"} options={[{ value: "on", label: w.on }, { value: "off", label: w.off }]} onChange={(value) => setPrefs({ ringMuted: value === "off" })} />
        <Button icon="speaker" onClick={chimeOnce}>
          {w.tryRing}
        </Button>
      </Row>
      <Row label={w.notification}>
        <NotificationSwitch />
      </Row>
    </fieldset>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="row">
      <span className="row__label">{label}</span>
      <div className="row__value">{children}</div>
    </div>
  );
}
