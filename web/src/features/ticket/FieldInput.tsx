import { useId } from "react";
import { Icon } from "@/components/Icon";
import { Segmented } from "@/components/Segmented";
import { useWords } from "@/hooks/useWords";
import { isFilled, type Field } from "@/lib/ticketSchema";

/** Up to this many choices stand side by side; more go into a list. */
const SIDE_BY_SIDE = 3;

interface Props {
  field: Field;
  value: unknown;
  missing: boolean;
  /** Point at it: few are left, or the call is over. */
  urgent: boolean;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

/** One field of the ticket with its label, whether it is still needed, and its limit. */
export function FieldInput(props: Props) {
  const { field, value, missing, urgent } = props;
  const { w, pick } = useWords();
  const id = useId();
  const text = isFilled(value) ? String(value) : "";
  const counter = field.max !== null && field.kind === "long" ? `${text.length} / ${field.max}` : "";
  const hint = field.hint ? pick(field.hint) : "";
  return (
    <div className={`field field--${field.kind}`} data-missing={missing && urgent}>
      <div className="field__head">
        <label htmlFor={id} id={`${id}-label`}>
          {pick(field.title)}
        </label>
        <span className="quiet tabular">{missing ? w.required : counter}</span>
      </div>
      <Control {...props} id={id} text={text} />
      {hint && (
        <p className="field__hint" id={`${id}-hint`}>
          {missing && urgent && <Icon name="warn" size={14} />}
          {hint}
        </p>
      )}
    </div>
  );
}

function Control({ field, value, disabled, missing, onChange, id, text }: Props & { id: string; text: string }) {
  const { w, pick } = useWords();
  const common = { id, disabled, "aria-required": field.required, "aria-invalid": missing || undefined, "aria-describedby": field.hint ? `${id}-hint` : undefined };
  const limit = field.max === null ? {} : { maxLength: field.max };
  if (field.kind === "yes_no") {
    const options = [{ value: "true", label: w.yes }, { value: "false", label: w.no }];
    const picked = typeof value === "boolean" ? (String(value) as "true" | "false") : null;
    return <Segmented name={id} label={pick(field.title)} value={picked} options={options} disabled={disabled} onChange={(next) => onChange(next === "true")} />;
  }
  if (field.kind === "choice" && field.choices.length <= SIDE_BY_SIDE) {
    const options = field.choices.map((choice) => ({ value: choice.value, label: pick(choice) }));
    return <Segmented name={id} label={pick(field.title)} value={text || null} options={options} disabled={disabled} onChange={onChange} />;
  }
  if (field.kind === "choice") {
    return (
      <span className="select">
        <select {...common} className="input" value={text} onChange={(event) => onChange(event.target.value || null)}>
          <option value="">{w.choose}</option>
          {field.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {pick(choice)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    );
  }
  if (field.kind === "long") return <textarea {...common} {...limit} className="input input--long" rows={4} value={text} onChange={(event) => onChange(event.target.value)} />;
  if (field.kind === "date") return <input {...common} className="input" type="datetime-local" value={text.slice(0, 16)} onChange={(event) => onChange(event.target.value || null)} />;
  if (field.kind === "number") return <input {...common} className="input" type="number" value={text} onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)} />;
  return <input {...common} {...limit} className="input" type="text" autoComplete="off" value={text} onChange={(event) => onChange(event.target.value)} />;
}
