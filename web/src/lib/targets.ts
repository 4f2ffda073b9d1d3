/** Where a contact may go on to, as it is searched. Pure. */
import type { TargetAgent, TargetQueue, Targets } from "@/lib/contract";

const plain = (text: string): string => text.trim().toLowerCase();

/** Queues and colleagues whose name, in either language, has what was typed. Of a colleague his queue counts too. */
export function matching(targets: Targets, typed: string): Targets {
  const wanted = plain(typed);
  const has = (...texts: string[]) => texts.some((text) => plain(text).includes(wanted));
  const queueOf = (agent: TargetAgent): TargetQueue | undefined => targets.queues.find((queue) => queue.id === agent.queue);
  return {
    queues: targets.queues.filter((queue) => has(queue.zh, queue.en)),
    agents: targets.agents.filter((agent) => has(agent.name, queueOf(agent)?.zh ?? "", queueOf(agent)?.en ?? "")),
  };
}
