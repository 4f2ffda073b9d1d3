import { useState } from "react";
import { Skeleton } from "@/components/Parts";
import { useAgents } from "@/hooks/useAdmin";
import { usePhoneWords } from "@/hooks/usePhoneWords";
import type { AdminConfig } from "@/lib/contract";
import { AgentRow, type Column } from "./AgentRow";
import { NoticeChoice } from "./NoticeChoice";
import { useAdminWords } from "./useAdminWords";

/** Agents by queues, languages and skills, of the version in force: levels change in their place. */
export function AgentsSection({ base }: { base: AdminConfig }) {
  const { a, pick } = useAdminWords();
  const { p } = usePhoneWords();
  const agents = useAgents();
  const [sought, seek] = useState("");
  if (!agents) return <Skeleton lines={6} label={a.loading} />;
  const { queues, skills } = base.config;
  const columns: Column[] = [
    ...queues.map((each): Column => ({ group: "queues", id: each.id, name: pick(each) })),
    ...Object.entries(a.languages).map(([id, name]): Column => ({ group: "skills", id, name })),
    ...skills.map((each): Column => ({ group: "skills", id: each.id, name: pick(each) })),
  ];
  const found = agents.filter((each) => `${each.name} ${each.login}`.toLowerCase().includes(sought.trim().toLowerCase())).toSorted((one, other) => one.login.localeCompare(other.login));
  return (
    <div className="pad">
      <header className="tools">
        <p className="quiet">{a.agentsHint}</p>
        <input className="input" type="search" aria-label={a.filterAgents} placeholder={a.filterAgents} value={sought} onChange={(event) => seek(event.target.value)} />
        <span className="quiet tabular">{a.agentsCount(found.length)}</span>
      </header>
      <div className="matrix" tabIndex={0} role="region" aria-label={a.sections.agents}>
        <table className="table">
          <thead>
            <tr>
              <th rowSpan={2} scope="col">
                {a.agent}
              </th>
              <Band name={a.groupQueues} span={queues.length} />
              <Band name={a.groupLanguages} span={Object.keys(a.languages).length} />
              {skills.length > 0 && <Band name={a.groupSkills} span={skills.length} />}
              <th rowSpan={2} scope="col">
                {p.address}
              </th>
              <th rowSpan={2} scope="col" aria-label={a.save} />
            </tr>
            <tr>
              {columns.map((column) => (
                <th key={column.group + column.id} scope="col">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map((agent) => (
              <AgentRow key={`${agent.id} ${agent.version}`} agent={agent} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
      <NoticeChoice />
    </div>
  );
}

function Band({ name, span }: { name: string; span: number }) {
  return (
    <th className="matrix__band" colSpan={span} scope="colgroup">
      {name}
    </th>
  );
}
