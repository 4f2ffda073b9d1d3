import { useState } from "react";
import { readClock } from "@/lib/admin/hours";
import { useWrong } from "./Fields";

interface Props {
  label: string;
  path: string;
  value: string;
  onChange: (clock: string) => void;
}

/** A time as people type it; what can be read as one is written out when they go on. */
export function ClockInput({ label, path, value, onChange }: Props) {
  const [typed, type] = useState<string | null>(null);
  const wrong = useWrong(path) !== null;
  const settle = () => {
    if (typed !== null) onChange(readClock(typed) ?? typed);
    type(null);
  };
  return (
    <input
      className="input input--clock tabular"
      inputMode="numeric"
      aria-label={label}
      aria-invalid={wrong}
      maxLength={5}
      value={typed ?? value}
      onChange={({ target }) => {
        type(target.value);
        if (readClock(target.value) === target.value) onChange(target.value);
      }}
      onBlur={settle}
      onKeyDown={(event) => event.key === "Enter" && settle()}
    />
  );
}
