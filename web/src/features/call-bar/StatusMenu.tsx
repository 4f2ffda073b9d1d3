import { Icon } from "@/components/Icon";
import { Menu, type MenuItem } from "@/components/Menu";
import { useCommand } from "@/hooks/useFloor";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Agent } from "@/lib/contract";
import { duration } from "@/lib/format";

const REASONS = ["break", "training", "other"] as const;

/** The agent's own state, since when, and the way to change it. */
export function StatusMenu({ agent }: { agent: Agent }) {
  const { w } = useWords();
  const command = useCommand();
  const now = useNow();
  const ready = agent.state === "available";
  const items: MenuItem[] = [
    ...(ready ? [] : [{ id: "available", label: w.goAvailable, onChoose: () => command.mutate({ do: "available" }) }]),
    ...REASONS.map((reason, index) => ({
      id: reason,
      apart: index === 0 && !ready,
      label: `${w.notReadyFor}・${w.reason[reason] ?? reason}`,
      onChoose: () => command.mutate({ do: "not_ready", reason }),
    })),
    { id: "offline", apart: true, label: w.goOffline, onChoose: () => command.mutate({ do: "offline" }) },
  ];
  const why = agent.state === "not_ready" && agent.reason ? `・${w.reason[agent.reason] ?? agent.reason}` : "";
  return (
    <Menu
      className="status-menu"
      label={w.changeStatus}
      items={items}
      button={
        <span className={`tag ${ready ? "tag--accent" : "tag--plain"} tag--button`}>
          <span className={ready ? "dot" : "dot dot--hollow"} aria-hidden="true" />
          {w.state[agent.state]}
          {why} <span className="tabular">{duration(now - agent.since)}</span>
          <Icon name="down" size={14} />
        </span>
      }
    />
  );
}
