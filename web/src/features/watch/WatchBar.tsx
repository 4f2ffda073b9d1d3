import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem } from "@/components/Parts";
import { Segmented } from "@/components/Segmented";
import { useWatchWords } from "@/hooks/useWatchWords";
import type { TeamCall } from "@/lib/contract";
import { dismissProblem, leave, useWatch, watch } from "@/lib/watch";
import { ICONS, MODES } from "./CallTable";

/** The call the supervisor is on: how, who hears him, and the way out in one click. */
export function WatchBar({ call }: { call: TeamCall }) {
  const { v } = useWatchWords();
  const { mode, phase, busy } = useWatch();
  const trouble = { joining: v.joining, rejoining: v.rejoining, failed: v.failed, no_microphone: v.noMicrophone, live: "" }[phase];
  const speaks = mode !== "listen";
  return (
    <section className="watch" data-mode={mode} aria-label={v.nowOn[mode](call.agent.name)}>
      <Icon name={ICONS[mode]} size={20} />
      <p className="watch__text">
        <b role="status">{v.nowOn[mode](call.agent.name)}</b>
        <span>{trouble || (call.state === "held" && mode === "barge" ? v.unheldHint : v.modeHint[mode])}</span>
      </p>
      <span className="watch__microphone">
        <Icon name={speaks ? "mic" : "micOff"} />
        {speaks ? v.microphoneOn : v.microphoneOff}
      </span>
      <Segmented
        name="watch-mode"
        label={v.choices}
        value={mode}
        options={MODES.map((value) => ({ value, label: v.mode[value] }))}
        disabled={busy || phase !== "live"}
        onChange={(value) => void watch(call, value)}
      />
      <Button look="danger" icon="cross" onClick={() => void leave()}>
        {v.leave}
      </Button>
      <span className="watch__notice quiet">{v.notice}</span>
    </section>
  );
}

export function WatchProblem() {
  const { v, pick } = useWatchWords();
  const problem = useWatch((state) => state.problem);
  if (problem === null) return null;
  const text = problem === "over" ? v.over : problem === "no_microphone" ? v.noMicrophone : pick(problem);
  return (
    <Problem onDismiss={dismissProblem} dismiss={v.dismiss}>
      {text}
    </Problem>
  );
}
