import { useState } from "react";
import { useWrong } from "./Fields";

interface Props {
  label: string;
  path: string;
  value: string;
  /** How it is written, from what people type; null while it cannot be read. */
  read: (typed: string) => string | null;
  /** Signs of the longest one. */
  length: number;
  placeholder?: string;
  onChange: (value: string) => void;
}

/** A time or a date as people type it, written out when they go on; the same in every browser, whatever its language. */
export function ReadInput({ label, path, value, read, length, placeholder, onChange }: Props) {
  const [typed, type] = useState<string | null>(null);
  const wrong = useWrong(path) !== null;
  const settle = () => {
    if (typed !== null) onChange(read(typed) ?? typed);
    type(null);
  };
  return (
    <input
      className="input input--read tabular"
      size={length}
      inputMode="numeric"
      autoComplete="off"
      aria-label={label}
      aria-invalid={wrong}
      placeholder={placeholder}
      maxLength={length}
      value={typed ?? value}
      onChange={({ target }) => {
        type(target.value);
        if (read(target.value) === target.value) onChange(target.value);
      }}
      onBlur={settle}
      onKeyDown={(event) => event.key === "Enter" && settle()}
    />
  );
}
