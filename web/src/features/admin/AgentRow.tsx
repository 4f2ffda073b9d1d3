import { useState } from "react";
import { Button } from "@/components/Button";
import { useRetrain } from "@/hooks/useAdmin";
import { useWords } from "@/hooks/useWords";
import { explain, Refused } from "@/lib/api";
import type { TrainedAgent } from "@/lib/contract";
import { AgentPhone } from "./AgentPhone";
import { useAdminWords } from "./useAdminWords";
import { useGuard } from "./useGuard";
import { useMayWrite } from "./useMayWrite";

export interface Column {
  group: "queues" | "skills";
  id: string;
  name: string;
}
type Levels = Pick<TrainedAgent, "queues" | "skills">;

/** Without an entry a queue is not answered; a skill that is not there stands at nought. */
function withLevel(levels: Levels, { group, id }: Column, level: number): Levels {
  const others = Object.entries(levels[group]).filter(([name]) => name !== id);
  return { ...levels, [group]: Object.fromEntries(level > 0 ? [...others, [id, level]] : others) };
}

const said = ({ queues, skills }: Levels): string => JSON.stringify([queues, skills].map((each) => Object.entries(each).filter(([, level]) => level > 0).toSorted()));

/** One agent: a level a column, saved by the row. */
export function AgentRow({ agent, columns }: { agent: TrainedAgent; columns: Column[] }) {
  const { w } = useWords();
  const { a, pick } = useAdminWords();
  const mayWrite = useMayWrite();
  const [levels, set] = useState<Levels>(agent);
  const retrain = useRetrain();
  const changed = said(levels) !== said(agent);
  useGuard(changed);
  const problem = retrain.error instanceof Refused && retrain.error.code === "stale_version" ? a.agentConflict : retrain.error && pick(explain(retrain.error));
  return (
    <tr data-changed={changed}>
      <th scope="row">
        {agent.name} <span className="quiet tabular">{agent.login}</span>
        <span className="matrix__state quiet">
          <i className={agent.state === "offline" ? "dot dot--hollow" : "dot"} data-state={agent.state} aria-hidden="true" />
          {w.state[agent.state]}
        </span>
        {problem && (
          <span className="wrong" role="alert">
            {problem}
          </span>
        )}
      </th>
      {columns.map((column) => (
        <td key={column.group + column.id}>
          <Level column={column} agent={agent} now={levels[column.group][column.id] ?? 0} before={agent[column.group][column.id] ?? 0} locked={!mayWrite || retrain.isPending} onChange={(level) => set(withLevel(levels, column, level))} />
        </td>
      ))}
      <td>
        <AgentPhone agent={agent} />
      </td>
      <td className="matrix__acts">
        {changed && (
          <>
            <Button size="small" look="primary" disabled={retrain.isPending} onClick={() => retrain.mutate({ id: agent.id, version: agent.version, ...levels })}>
              {a.save}
            </Button>
            <Button size="small" look="quiet" disabled={retrain.isPending} onClick={() => set(agent)}>
              {a.undo}
            </Button>
          </>
        )}
      </td>
    </tr>
  );
}

function Level({ column, agent, now, before, locked, onChange }: { column: Column; agent: TrainedAgent; now: number; before: number; locked: boolean; onChange: (level: number) => void }) {
  const { a } = useAdminWords();
  return (
    <select className="level" aria-label={a.level(agent.name, column.name)} data-level={now} data-changed={now !== before} value={now} disabled={locked} onChange={(event) => onChange(Number(event.target.value))}>
      {[0, 1, 2, 3, 4, 5].map((level) => (
        <option key={level} value={level}>
          {level === 0 ? a.none : level}
        </option>
      ))}
    </select>
  );
}
