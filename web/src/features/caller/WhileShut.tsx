import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import type { Matter } from "./MatterPicker";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** What can be done while nobody is there for a matter. */
export function WhileShut({ matter }: { matter: Matter }) {
  const { w } = useCallerWords();
  const busy = useVisit((visit) => visit.busy);
  if (matter.callback) {
    return (
      <Button look="primary" size="large" icon="clock" disabled={busy} onClick={() => useVisit.setState({ step: "leaving_number" })}>
        {w.callMeThen}
      </Button>
    );
  }
  if (!matter.line) return <p className="quiet">{w.comeBack}</p>;
  return (
    <>
      <a className="button button--primary button--large" href={`tel:${matter.line}`}>
        <Icon name="phone" size={20} />
        <span className="button__text">{w.leaveMessage}</span>
      </a>
      <p className="quiet tabular">{w.leaveMessageHint(matter.line)}</p>
    </>
  );
}
