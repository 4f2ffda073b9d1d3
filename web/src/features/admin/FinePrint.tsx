import type { ReactNode } from "react";
import type { Policy } from "@/lib/admin/policy";
import { NumberInput, WrongAt } from "./Fields";
import { useAdminWords } from "./useAdminWords";

interface Props {
  policy: Policy;
  path: string;
  bounds: Record<string, number>;
  onChange: (change: Partial<Policy>) => void;
}

/** The numbers of a policy that are seldom touched, each in a sentence. */
export function FinePrint({ policy, path, bounds, onChange }: Props) {
  const { a } = useAdminWords();
  const number = (name: "ageing_s" | "prior_contacts" | "prior_percent" | "messages", label: string, least: number, most: number) => (
    <NumberInput label={label} path={`${path}.${name}`} value={policy[name]} least={least} most={most} onChange={(value) => onChange({ [name]: value })} />
  );
  return (
    <section className="block" aria-labelledby="fine-title">
      <h3 id="fine-title">{a.fine}</h3>
      <Line label={a.ageing} hint={a.ageingHint} path={`${path}.ageing_s`}>
        {number("ageing_s", a.ageing, 1, bounds["ageing_s"] ?? 0)} {a.seconds}
      </Line>
      <Line label={a.prior} path={`${path}.prior_contacts`}>
        {a.priorBefore} {number("prior_contacts", a.attribute["prior_contacts"] ?? "", 1, bounds["prior_contacts"] ?? 0)} {a.priorMiddle} {number("prior_percent", a.attribute["prior_percent"] ?? "", 0, 100)} % {a.priorAfter}
      </Line>
      <Line label={a.messages} path={`${path}.messages`}>
        {number("messages", a.messages, 0, bounds["messages"] ?? 0)} {a.pieces}
      </Line>
    </section>
  );
}

function Line({ label, hint, path, children }: { label: string; hint?: string; path: string; children: ReactNode }) {
  return (
    <div className="row">
      <span className="row__label row__label--long">{label}</span>
      <div className="row__value">
        {children}
        {hint && <span className="quiet">{hint}</span>}
        <WrongAt path={path} />
      </div>
    </div>
  );
}
