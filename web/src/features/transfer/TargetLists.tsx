import { Button } from "@/components/Button";
import { Tag } from "@/components/Parts";
import { useQueueName } from "@/hooks/useConfig";
import type { Command } from "@/hooks/useFloor";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Contact, TargetAgent, TargetQueue } from "@/lib/contract";
import { duration, waitMinutes } from "@/lib/format";

interface Acts {
  contact: Contact;
  typed: string;
  busy: boolean;
  onAct: (command: Command) => void;
}

/** Every queue with what waits there; the call goes to its head. */
export function Queues({ queues, typed, contact, busy, onAct }: Acts & { queues: TargetQueue[] }) {
  const { w, pick } = useWords();
  return (
    <section aria-label={w.giveQueues}>
      <h3>{w.giveQueues}</h3>
      {queues.length === 0 && <p className="give__none quiet">{typed ? w.giveNothing : w.giveNoQueues}</p>}
      <ul>
        {queues.map((queue) => (
          <li key={queue.id} className="give__row" data-row>
            <div>
              <p>
                <b>{pick(queue)}</b> {queue.id === contact.queue && <Tag>{w.giveHere}</Tag>}
              </p>
              <p className="quiet tabular">
                {w.giveWaiting(queue.waiting)}・{w.giveFree(queue.free)}・{w.giveWait(waitMinutes(queue.wait_seconds))}
              </p>
            </div>
            <Button size="small" disabled={busy} aria-label={`${w.giveToQueue} ${pick(queue)}`} onClick={() => onAct({ do: "transfer", contact: contact.id, queue: queue.id })}>
              {w.giveToQueue}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who is free, the longest first: asked for a word (not about a sealed call), or given the call at once. `only`: no call is given here. */
export function Colleagues({ agents, typed, only, contact, busy, onAct }: Acts & { agents: TargetAgent[]; only: boolean }) {
  const { w } = useWords();
  const now = useNow();
  const queueName = useQueueName();
  return (
    <section aria-label={w.giveColleagues}>
      <h3>{w.giveColleagues}</h3>
      {agents.length === 0 && <p className="give__none quiet">{typed ? w.giveNothing : only ? w.giveNobodyToAsk : w.giveNobody}</p>}
      <ul>
        {agents.map((agent) => (
          <li key={agent.id} className="give__row" data-row>
            <div>
              <p>
                <b>{agent.name}</b>
              </p>
              <p className="quiet tabular">
                {queueName(agent.queue)}・{w.giveIdle(duration(now - agent.idle_since))}
              </p>
            </div>
            {!contact.sealed && (
              <Button size="small" look="outline" disabled={busy} aria-label={`${w.giveAsk} ${agent.name}`} onClick={() => onAct({ do: "consult", contact: contact.id, agent: agent.id })}>
                {w.giveAsk}
              </Button>
            )}
            {!only && (
              <Button size="small" disabled={busy} aria-label={`${w.giveAway} ${agent.name}`} onClick={() => onAct({ do: "transfer", contact: contact.id, queue: agent.queue, agent: agent.id })}>
                {w.giveAway}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
