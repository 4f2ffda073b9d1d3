import { useRef, useState } from "react";
import { Icon } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";
import { readDate, showDate } from "@/lib/dates";

interface Props {
  id: string;
  kept: string;
  timed: boolean;
  disabled: boolean;
  onChange: (value: string | null) => void;
}

/** A date written by hand in one form in every browser, or picked from the browser's own calendar. */
export function DateInput({ id, kept, timed, disabled, onChange, ...aria }: Props) {
  const { w } = useWords();
  const [typed, setTyped] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const leave = () => {
    if (typed !== null) onChange(typed.trim() === "" ? null : (readDate(typed, timed) ?? (kept || null)));
    setTyped(null);
  };
  return (
    <span className="date">
      <input
        {...aria}
        id={id}
        className="input tabular"
        type="text"
        autoComplete="off"
        placeholder={timed ? "YYYY-MM-DD HH:MM" : "YYYY-MM-DD"}
        disabled={disabled}
        value={typed ?? showDate(kept, timed)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={leave}
      />
      <button type="button" className="date__open" aria-label={w.pickDate} disabled={disabled} onClick={() => picker.current?.showPicker()}>
        <Icon name="calendar" />
      </button>
      <input
        ref={picker}
        className="date__picker"
        type={timed ? "datetime-local" : "date"}
        tabIndex={-1}
        aria-hidden="true"
        value={showDate(kept, timed).replace(" ", "T")}
        onChange={(event) => onChange(readDate(event.target.value, timed))}
      />
    </span>
  );
}
