import { useId, type CSSProperties, type ReactNode } from "react";
import { useDraft, type Draft, type Wrong } from "@/lib/admin/draft";
import { wrongsIn } from "@/lib/admin/wrongs";
import { useAdminWords } from "./useAdminWords";

/** What is wrong at a place of the configuration, in words; null while nothing is. The server's word comes before ours. */
export function useWrong(path: string, within = false): string | null {
  const { pick } = useAdminWords();
  const wrong = useDraft((draft) => wrongsOf(draft).find((each) => each.path === path || (within && each.path.startsWith(`${path}.`))));
  return wrong ? pick(wrong.expected) : null;
}

/** All that is known to be wrong. */
export const wrongsOf = ({ wrong, config }: Pick<Draft, "wrong" | "config">): Wrong[] => [...(wrong ? [wrong] : []), ...(config ? wrongsIn(config) : [])];

/** The sentence beside a field that does not fit. */
export function WrongAt({ path, within = false, id }: { path: string; within?: boolean; id?: string }) {
  const wrong = useWrong(path, within);
  return wrong === null ? null : (
    <span className="wrong" role="alert" id={id}>
      {wrong}
    </span>
  );
}

interface FieldProps {
  label: string;
  path: string;
  hint?: string;
  children: (props: { id: string; "aria-invalid": boolean; "aria-describedby"?: string }) => ReactNode;
}

/** Label above, control, hint or what is wrong below. */
export function Field({ label, path, hint, children }: FieldProps) {
  const id = useId();
  const wrong = useWrong(path) !== null;
  return (
    <div className="field" data-wrong={wrong}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": wrong, ...(wrong && { "aria-describedby": `${id}-wrong` }) })}
      {wrong ? <WrongAt path={path} id={`${id}-wrong`} /> : hint && <span className="field__hint">{hint}</span>}
    </div>
  );
}

export function TextField({ value, onChange, maxLength = 64, readOnly = false, ...field }: Omit<FieldProps, "children"> & { value: string; onChange: (value: string) => void; maxLength?: number; readOnly?: boolean }) {
  return (
    <Field {...field}>
      {(props) => <input {...props} className="input" value={value} maxLength={maxLength} readOnly={readOnly} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

interface NumberProps {
  label: string;
  path: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}

/** A bare whole number in a table or a sentence; its label is for those who do not see the column. */
export function NumberInput({ label, path, value, least, most, onChange }: NumberProps) {
  const wrong = useWrong(path) !== null;
  return (
    <input
      className="input input--number tabular"
      type="number"
      inputMode="numeric"
      aria-label={label}
      aria-invalid={wrong}
      min={least}
      max={most}
      step={1}
      value={value}
      onChange={(event) => event.target.value !== "" && Number.isInteger(event.target.valueAsNumber) && onChange(event.target.valueAsNumber)}
    />
  );
}

/** A short list of numbers or names to choose from. */
export function Choose<V extends string | number>({ label, value, options, onChange, path = "", disabled = false }: { label: string; value: V; options: { value: V; label: string }[]; onChange: (value: V) => void; path?: string; disabled?: boolean }) {
  const wrong = useWrong(path) !== null;
  return (
    <select className="input input--choose" aria-label={label} aria-invalid={wrong} disabled={disabled} value={value} onChange={(event) => onChange(options[event.target.selectedIndex]?.value ?? value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** How far a slider is filled. */
export const at = (value: number, most: number): CSSProperties => ({ "--at": `${(100 * value) / Math.max(1, most)}%` }) as CSSProperties;

export const levels = (least: number, most = 5): { value: number; label: string }[] => Array.from({ length: most - least + 1 }, (_, n) => ({ value: least + n, label: String(least + n) }));
