import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useCommand } from "@/hooks/useFloor";
import { useWords } from "@/hooks/useWords";
import type { Snapshot } from "@/lib/contract";

/** The centre while there is neither contact nor ticket: what happens next, and the one button for it. */
export function IdlePanel({ floor }: { floor: Snapshot }) {
  const { w } = useWords();
  const command = useCommand();
  const ready = floor.agent.state === "available" || floor.agent.state === "offered";
  const title = ready ? w.idleTitle : floor.agent.state === "offline" ? w.offlineTitle : w.notReadyTitle;
  return (
    <section className="idle">
      <span className="idle__icon">
        <Icon name={ready ? "headset" : "pause"} size={28} />
      </span>
      <h2>{title}</h2>
      <p>{ready ? w.idleHint : w.notReadyBody}</p>
      {!ready && (
        <Button look="primary" size="large" icon="headset" disabled={command.isPending} onClick={() => command.mutate({ do: "available" })}>
          {w.goAvailable}
        </Button>
      )}
      <p className="quiet tabular">{floor.waiting > 0 ? w.waitingCount(floor.waiting) : w.nobodyWaiting}</p>
    </section>
  );
}
