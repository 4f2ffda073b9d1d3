import { useEffect, useRef } from "react";
import { Button, Keys } from "@/components/Button";
import { useWords } from "@/hooks/useWords";
import type { Act } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";

/** The list of keys: a panel above the status bar. Not modal: a call may ring while it is open. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const keys = usePrefs((prefs) => prefs.keys);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector("button")?.focus();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, []);
  return (
    <section className="keys-help" ref={panel} role="dialog" aria-label={w.keysTitle} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header className="section-head">
        <h2>{w.keysTitle}</h2>
        <Button className="section-head__end" size="small" icon="cross" aria-label={w.close} onClick={onClose} />
      </header>
      <dl className="keys-help__list">
        {(Object.keys(keys) as Act[]).map((act) => (
          <div key={act}>
            <dt>{w.act[act]}</dt>
            <dd>
              <Keys of={keys[act]} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
