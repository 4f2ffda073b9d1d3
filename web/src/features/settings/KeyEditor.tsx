import { useState, type KeyboardEvent } from "react";
import { Button } from "@/components/Button";
import { useWords } from "@/hooks/useWords";
import { DEFAULT_KEYS, nameOf, type Act } from "@/lib/keys";
import { setPrefs, usePrefs } from "@/lib/prefs";

/** Every key of the workspace, changeable. */
export function KeyEditor() {
  const { w } = useWords();
  const keys = usePrefs((prefs) => prefs.keys);
  const [waiting, setWaiting] = useState<Act | null>(null);
  const [taken, setTaken] = useState(false);

  const press = (act: Act, event: KeyboardEvent) => {
    if (waiting !== act || event.key === "Tab") return;
    // The press is the new key, not an order: it must not reach the workspace.
    event.preventDefault();
    event.nativeEvent.stopImmediatePropagation();
    if (event.key === "Escape") return setWaiting(null);
    const name = nameOf(event.nativeEvent);
    if (!name) return;
    const used = (Object.keys(keys) as Act[]).some((other) => other !== act && keys[other] === name);
    setTaken(used);
    if (used) return;
    setPrefs({ keys: { ...keys, [act]: name } });
    setWaiting(null);
  };

  return (
    <fieldset className="group">
      <legend>{w.keysTitle}</legend>
      <p className="quiet group__hint">{taken ? w.keyTaken : w.keysHint}</p>
      {(Object.keys(keys) as Act[]).map((act) => (
        <div className="row" key={act}>
          <span className="row__label">{w.act[act]}</span>
          <Button size="small" aria-pressed={waiting === act} onClick={() => setWaiting(act)} onBlur={() => setWaiting(null)} onKeyDown={(event) => press(act, event)}>
            {waiting === act ? w.pressNow : keys[act]}
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => setPrefs({ keys: DEFAULT_KEYS })}>
        {w.keysReset}
      </Button>
    </fieldset>
  );
}
