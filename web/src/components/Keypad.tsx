import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "@/components/Button";

const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;
const SHOWN = 16;

export interface KeypadWords {
  keypad: string;
  keypadHint: string;
  keyName: (digit: string) => string;
}

/** The keys of a telephone behind a button. While it is open digits may be typed as well; Escape closes it. */
export function Keypad({ w, look, disabled, onKey }: { w: KeypadWords; look?: "bar"; disabled?: boolean; onKey: (digit: string) => void }) {
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState("");
  const root = useRef<HTMLDivElement>(null);
  const shown = open && !disabled;

  useEffect(() => {
    if (!shown) return;
    root.current?.querySelector<HTMLElement>(".keypad__key")?.focus();
    const outside = (event: PointerEvent) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [shown]);

  const press = (digit: string) => {
    onKey(digit);
    setSent((before) => (before + digit).slice(-SHOWN));
  };
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const typed = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (!PAD.some((digit) => digit === event.key)) return;
    // Nothing else of the page may take a digit meant for the line.
    event.preventDefault();
    event.stopPropagation();
    press(event.key);
  };

  return (
    <div className="keypad" ref={root} onKeyDown={shown ? typed : undefined}>
      <Button icon="keypad" {...(look && { look })} aria-haspopup="dialog" aria-expanded={shown} disabled={disabled} onClick={() => (shown ? close() : (setSent(""), setOpen(true)))}>
        {w.keypad}
      </Button>
      {shown && (
        <section className="keypad__panel" role="dialog" aria-label={w.keypad}>
          <output className="keypad__sent tabular">{sent || w.keypadHint}</output>
          <div className="keypad__keys">
            {PAD.map((digit) => (
              <button key={digit} type="button" className="keypad__key tabular" aria-label={w.keyName(digit)} onClick={() => press(digit)}>
                {digit}
              </button>
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
