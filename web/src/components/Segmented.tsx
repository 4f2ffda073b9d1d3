export interface Option<V extends string> {
  value: V;
  label: string;
}

interface Props<V extends string> {
  name: string;
  label: string;
  value: V | null;
  options: Option<V>[];
  disabled?: boolean;
  onChange: (value: V) => void;
}

/** A few choices side by side: radio buttons that look like buttons. */
export function Segmented<V extends string>({ name, label, value, options, disabled, onChange }: Props<V>) {
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className="segmented__option" data-checked={option.value === value}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} disabled={disabled} onChange={() => onChange(option.value)} />
          <span className="segmented__mark" aria-hidden="true" />
          {option.label}
        </label>
      ))}
    </div>
  );
}
