import type { ReactNode } from "react";
import { Icon, type IconName } from "@/components/Icon";
import { setDesk } from "@/hooks/useDesk";
import { useLive } from "@/hooks/useLive";
import { useWords } from "@/hooks/useWords";
import type { Agent } from "@/lib/contract";
import { useLine } from "@/lib/line";
import { usePrefs } from "@/lib/prefs";
import { qualityText } from "./qualityText";

/** The line's health, measured in this browser, and the agent's day. A dash is "not measured", never a guess. */
export function StatusBar({ agent }: { agent: Agent }) {
  const { w } = useWords();
  const quality = useLine((line) => line.quality);
  const device = useLine((line) => line.device);
  const live = useLive((state) => state.socket === "open");
  const help = usePrefs((prefs) => prefs.keys.help);
  const text = qualityText(quality);
  return (
    <footer className="status-bar tabular">
      <Reading icon="checkCircle" label={w.mos}>{text.mos}</Reading>
      <Reading label={w.loss}>{text.loss}</Reading>
      <Reading label={w.jitter}>{text.jitter}</Reading>
      <Reading label={w.rtt}>{text.rtt}</Reading>
      <i className="status-bar__line" />
      <Reading icon="headset" label={w.headset}>{agent.sound.by === "headset" ? (device ?? "—") : agent.sound.shown}</Reading>
      <Reading icon={live ? "link" : "refresh"} label={live ? w.liveOn : w.liveOff}>{live ? w.online : "…"}</Reading>
      <span className="status-bar__gap" />
      <Reading label={w.agent}>{agent.login}</Reading>
      <span>
        {w.today} <b>{agent.calls_today}</b> {w.calls}
      </span>
      <i className="status-bar__line" />
      <button type="button" className="status-bar__help" onClick={() => setDesk({ help: true })}>
        {w.shortcuts} <kbd className="keys">{help}</kbd>
      </button>
    </footer>
  );
}

function Reading({ icon, label, children }: { icon?: IconName; label: string; children: ReactNode }) {
  return (
    <span className="reading">
      {icon && <Icon name={icon} size={14} />}
      {label} <b>{children}</b>
    </span>
  );
}
