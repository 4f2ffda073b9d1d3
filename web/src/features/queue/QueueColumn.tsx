import { useState } from "react";
import { Keys } from "@/components/Button";
import { useQueueName } from "@/hooks/useConfig";
import { setDesk, useDesk } from "@/hooks/useDesk";
import { useTickets } from "@/hooks/useTickets";
import { useWords } from "@/hooks/useWords";
import type { Snapshot } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import { ActiveCard, NoActive } from "./ActiveCard";
import { TicketItems } from "./TicketItems";

/** Left column: the contact in hand, tickets to finish, tickets done, and who is waiting. */
export function QueueColumn({ floor }: { floor: Snapshot }) {
  const { w } = useWords();
  const { next, previous } = usePrefs((prefs) => prefs.keys);
  const chosen = useDesk((desk) => desk.chosen);
  const [past, setPast] = useState(false);
  const tickets = useTickets();
  const queueName = useQueueName();
  const inHand = floor.contact?.ticket ?? null;
  const todo = tickets?.filter((each) => each.state === "draft" && each.id !== inHand);
  const done = tickets?.filter((each) => each.state !== "draft");
  const choose = (id: string | null) => setDesk({ chosen: id, tab: "ticket" });
  return (
    <aside className="queue" aria-label={w.mine}>
      <header className="column-head">
        <h2>
          {w.active} <span className="count">{floor.contact ? 1 : 0}</span>
        </h2>
        <span className="quiet queue__keys">
          {w.switchKeys} <Keys of={next} /> <Keys of={previous} />
        </span>
      </header>
      {floor.contact ? <ActiveCard contact={floor.contact} consult={floor.consult} current={chosen === null} onChoose={() => choose(null)} /> : <NoActive floor={floor} />}
      <div className="tabs" role="tablist" aria-label={w.ticket}>
        <button type="button" role="tab" aria-selected={!past} onClick={() => setPast(false)}>
          {w.todo} {todo?.length ?? ""}
        </button>
        <button type="button" role="tab" aria-selected={past} onClick={() => setPast(true)}>
          {w.history}
        </button>
        <span className="tabs__end quiet">{w.newestFirst}</span>
      </div>
      <div className="queue__list">
        <TicketItems tickets={past ? done : todo} past={past} chosen={chosen} onChoose={choose} />
      </div>
      <footer className="queue__foot">
        <h3>{w.mine}</h3>
        <span className="quiet">{floor.agent.queues.map(queueName).join("・")}</span>
        <p className="tabular">{floor.waiting > 0 ? w.waitingCount(floor.waiting) : w.nobodyWaiting}</p>
      </footer>
    </aside>
  );
}
