import { Icon } from "@/components/Icon";
import { useLocalNow } from "@/hooks/useNow";
import type { CallerState } from "@/lib/contract";
import { duration } from "@/lib/format";
import { CallerControls } from "./CallerControls";
import { LineState } from "./LineState";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** Ringing, connecting, talking. */
export function ConversationCard({ state }: { state: CallerState }) {
  const { w } = useCallerWords();
  const now = useLocalNow();
  const connectedAt = useVisit((visit) => visit.connectedAt);
  const talking = state.state === "connected";
  const title = state.state === "ringing" ? w.ringing : talking ? w.connected : w.connecting;
  return (
    <section className="card card--talk">
      <span className="card__person">
        <Icon name={talking ? "headset" : "phone"} size={32} />
      </span>
      <p className="card__state" role="status">
        <span className="dot" aria-hidden="true" />
        {title}
      </p>
      {talking && (
        <p className="card__timer tabular" role="timer">
          {duration(connectedAt === null ? 0 : now - connectedAt)}
        </p>
      )}
      {talking && state.agent_name && <p>{w.withAgent(state.agent_name)}</p>}
      <p className="quiet card__line">
        <LineState />
      </p>
      <CallerControls />
    </section>
  );
}
