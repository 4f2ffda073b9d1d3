import { useWatchWords } from "@/hooks/useWatchWords";
import type { Watcher } from "@/lib/contract";
import { Strip } from "./ConsultStrip";

/** The supervisors on the agent's call, as far as the company lets him know; who is heard by the customer is amber. */
export function WatcherStrips({ watchers }: { watchers: Watcher[] }) {
  const { v } = useWatchWords();
  return watchers.map(({ id, name, mode }) => (
    <Strip key={id} icon={mode === "listen" ? "speaker" : "mic"} title={v.told[mode](name)} note={v.toldNote[mode]} amber={mode === "barge"} />
  ));
}
