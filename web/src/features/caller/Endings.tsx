import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { duration } from "@/lib/format";
import { startOver } from "./acts";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** `shut`: nobody is there before it opens. */
export function Promised({ number, shut }: { number: string; shut: boolean }) {
  const { w } = useCallerWords();
  return (
    <section className="card card--end" role="status">
      <Icon name="checkCircle" size={40} />
      <h1>{shut ? w.promisedThen : w.promised}</h1>
      <p className="tabular">{w.promisedTo(number)}</p>
      <p className="quiet">{w.promisedClose}</p>
    </section>
  );
}

export function Ended() {
  const { w } = useCallerWords();
  const talked = useVisit((visit) => visit.talkedMs);
  return (
    <section className="card card--end" role="status">
      <Icon name="checkCircle" size={40} />
      <h1>{w.ended}</h1>
      {talked !== null && <p className="tabular">{w.talked(duration(talked))}</p>}
      <p>{w.endedHint}</p>
      <Button look="primary" size="large" icon="phone" onClick={startOver}>
        {w.again}
      </Button>
    </section>
  );
}
