import { useId } from "react";
import { Icon } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";
import { textOf, type Field } from "@/lib/ticketSchema";
import { FieldControl } from "./FieldControl";

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
  const text = textOf(value);
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
      <FieldControl field={field} value={value} missing={missing} disabled={props.disabled} onChange={props.onChange} id={id} text={text} />
      {hint && (
        <p className="field__hint" id={`${id}-hint`}>
          {missing && urgent && <Icon name="warn" size={14} />}
          {hint}
        </p>
      )}
    </div>
  );
}

