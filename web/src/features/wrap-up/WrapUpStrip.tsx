import { useState } from "react";
import { Button } from "@/components/Button";
import { CountRing } from "@/components/CountRing";
import { Segmented } from "@/components/Segmented";
import { useConfig } from "@/hooks/useConfig";
import { useCommand } from "@/hooks/useFloor";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Contact } from "@/lib/contract";
import { secondsLeft } from "@/lib/format";

/** The company's code for a call that was given on; where it has none, nothing is chosen beforehand. */
const GIVEN_ON = "transferred";

/** After the call: how it ended, in one code, before the time runs out. */
export function WrapUpStrip({ contact }: { contact: Contact }) {
  const { w, pick } = useWords();
  const now = useNow();
  const command = useCommand();
  const codes = useConfig()?.wrap_up_codes ?? [];
  const [chosen, setCode] = useState<string | null>(null);
  const likely = contact.ended_by === "given_on" && codes.some((each) => each.id === GIVEN_ON) ? GIVEN_ON : null;
  const code = chosen ?? likely;
  const left = secondsLeft(contact.wrap_up_ends_at ?? now, now);
  const whole = Math.round(((contact.wrap_up_ends_at ?? now) - (contact.ended_at ?? now)) / 1000);
  const ended = (contact.ended_by && w.endedBy[contact.ended_by]) ?? w.callEnded;
  return (
    <section className="wrap-up" aria-label={w.wrapUp}>
      <CountRing left={left} whole={whole} size={44} />
      <div className="wrap-up__ask">
        <p>
          <b>{w.wrapUpAsk}</b>
          <span className="quiet tabular">
            {ended}・{w.wrapUpLeft(left)}
          </span>
        </p>
        <Segmented name="wrap-up-code" label={w.wrapUpAsk} value={code} options={codes.map((each) => ({ value: each.id, label: pick(each) }))} onChange={setCode} />
      </div>
      <Button look="primary" disabled={code === null || command.isPending} onClick={() => code !== null && command.mutate({ do: "wrap_up", contact: contact.id, code })}>
        {w.wrapUpDone}
      </Button>
    </section>
  );
}
