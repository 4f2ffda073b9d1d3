import { Icon } from "@/components/Icon";
import { Segmented } from "@/components/Segmented";
import { useWords } from "@/hooks/useWords";
import type { Field } from "@/lib/ticketSchema";
import { DateInput } from "./DateInput";

/** Up to this many choices stand side by side; more go into a list. */
const SIDE_BY_SIDE = 3;

interface Props {
  id: string;
  field: Field;
  value: unknown;
  /** The value as text, empty when there is none. */
  text: string;
  missing: boolean;
  disabled: boolean;
  onChange: (value: unknown) => void;
}

const ariaOf = ({ id, field, missing }: Props) => ({
  "aria-required": field.required,
  "aria-invalid": missing || undefined,
  "aria-describedby": field.hint ? `${id}-hint` : undefined,
});

/** The control that fits the kind of the field. */
export function FieldControl(props: Props) {
  const { id, field, text, disabled, onChange } = props;
  const common = { id, disabled, ...ariaOf(props) };
  const limit = field.max === null ? {} : { maxLength: field.max };
  switch (field.kind) {
    case "yes_no":
    case "choice":
      return field.kind === "choice" && field.choices.length > SIDE_BY_SIDE ? <List {...props} /> : <SideBySide {...props} />;
    case "long":
      return <textarea {...common} {...limit} className="input input--long" rows={4} value={text} onChange={(event) => onChange(event.target.value)} />;
    case "date":
      return <DateInput {...common} kept={text} timed={field.timed} onChange={onChange} />;
    case "number":
      return <input {...common} className="input" type="number" value={text} onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)} />;
    case "text":
      return <input {...common} {...limit} className="input" type="text" autoComplete="off" value={text} onChange={(event) => onChange(event.target.value)} />;
  }
}

function SideBySide({ id, field, value, text, disabled, onChange }: Props) {
  const { w, pick } = useWords();
  const yesNo = field.kind === "yes_no";
  const options = yesNo
    ? [{ value: "true", label: w.yes }, { value: "false", label: w.no }]
    : field.choices.map((choice) => ({ value: choice.value, label: pick(choice) }));
  const picked = yesNo ? (typeof value === "boolean" ? String(value) : null) : text || null;
  return <Segmented name={id} label={pick(field.title)} value={picked} options={options} disabled={disabled} onChange={(next) => onChange(yesNo ? next === "true" : next)} />;
}

function List(props: Props) {
  const { id, field, text, disabled, onChange } = props;
  const { w, pick } = useWords();
  return (
    <span className="select">
      <select id={id} disabled={disabled} {...ariaOf(props)} className="input" value={text} onChange={(event) => onChange(event.target.value || null)}>
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
