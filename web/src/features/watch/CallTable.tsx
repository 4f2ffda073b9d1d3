import { Button } from "@/components/Button";
import type { IconName } from "@/components/Icon";
import { Tag } from "@/components/Parts";
import { useMatterName } from "@/hooks/useConfig";
import { useNow } from "@/hooks/useNow";
import { useSealWords } from "@/hooks/useSealWords";
import { useWatchWords } from "@/hooks/useWatchWords";
import type { TeamCall, TeamCalls, WatchMode } from "@/lib/contract";
import { duration } from "@/lib/format";
import { useWatch, watch } from "@/lib/watch";

export const MODES = ["listen", "whisper", "barge"] as const;
export const ICONS: Record<WatchMode, IconName> = { listen: "speaker", whisper: "message", barge: "people" };

/** One row a conversation, the longest first. */
export function CallTable({ told }: { told: TeamCalls }) {
  const { v } = useWatchWords();
  const names = [v.agent, v.caller, v.matter, v.state, v.lasts, v.supervisors, ...(told.may_watch ? [v.acts] : [])];
  return (
    <table className="table">
      <thead>
        <tr>
          {names.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {told.calls.map((call) => (
          <Row key={call.contact} call={call} told={told} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ call, told }: { call: TeamCall; told: TeamCalls }) {
  const { v } = useWatchWords();
  const now = useNow();
  const matter = useMatterName();
  const mine = useWatch((state) => state.call?.contact === call.contact);
  return (
    <tr data-contact={call.contact} data-mine={mine}>
      <th scope="row">
        {call.agent.name}
        {call.partner && <span className="quiet"> {v.withColleague(call.partner.name)}</span>}
      </th>
      <td className="tabular">{call.caller || (call.channel === "browser" ? v.browserCaller : v.hiddenNumber)}</td>
      <td>{matter(call.matter)}</td>
      <td>
        <Tag tone={call.state === "held" ? "amber" : "accent"} dot>
          {call.apart ? v.apart : call.state === "held" ? v.held : v.talking}
        </Tag>
      </td>
      <td className="tabular">{duration(Math.max(0, now - call.connected_at))}</td>
      <td>{call.watchers.map((each) => `${each.name}・${v.mode[each.mode]}`).join("、") || "—"}</td>
      {told.may_watch && <Acts call={call} full={call.mine === null && call.watchers.length >= told.most} />}
    </tr>
  );
}

function Acts({ call, full }: { call: TeamCall; full: boolean }) {
  const { v } = useWatchWords();
  const s = useSealWords();
  const { busy, mode, call: on } = useWatch();
  if (call.sealed) return <td className="quiet">{s.unheard}</td>;
  if (full) return <td className="quiet">{v.full}</td>;
  const here = on?.contact === call.contact;
  return (
    <td>
      <span className="team__acts">
        {MODES.map((each) => (
          <Button
            key={each}
            size="small"
            icon={ICONS[each]}
            aria-pressed={here && each === mode}
            aria-label={v.actOn(v.mode[each], call.agent.name)}
            title={v.modeHint[each]}
            disabled={busy}
            onClick={() => void watch(call, each)}
          >
            {v.mode[each]}
          </Button>
        ))}
      </span>
    </td>
  );
}
