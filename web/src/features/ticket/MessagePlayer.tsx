import { useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Problem } from "@/components/Parts";
import { Segmented } from "@/components/Segmented";
import { useSound } from "@/hooks/useMessages";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import { duration } from "@/lib/format";

const SPEEDS = ["1", "1.5", "2"] as const;
const STEP_SECONDS = 0.1;

/** What the caller spoke, above the ticket it belongs to. */
export function MessagePlayer({ ticket, lengthMs }: { ticket: string; lengthMs: number }) {
  const { w, pick } = useWords();
  const [wanted, setWanted] = useState(false);
  const { url, waits, error } = useSound(ticket, wanted);
  if (error) return <Problem>{pick(explain(error))}</Problem>;
  return (
    <div className="player" role="group" aria-label={w.message}>
      {url && <Controls url={url} lengthMs={lengthMs} />}
      {!url && wanted && <p className="quiet" role="status">{waits ? w.messageFetched : w.loading}</p>}
      {!wanted && (
        <>
          <Button look="primary" icon="play" onClick={() => setWanted(true)}>
            {w.messagePlay}
          </Button>
          <span className="tabular quiet">{duration(lengthMs)}</span>
        </>
      )}
    </div>
  );
}

function Controls({ url, lengthMs }: { url: string; lengthMs: number }) {
  const { w } = useWords();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>("1");
  const toggle = () => void (playing ? audio.current?.pause() : audio.current?.play());
  const seek = (seconds: number) => {
    if (audio.current) audio.current.currentTime = seconds;
    setAt(seconds);
  };
  const pace = (chosen: (typeof SPEEDS)[number]) => {
    if (audio.current) audio.current.playbackRate = Number(chosen);
    setSpeed(chosen);
  };
  return (
    <>
      <audio ref={audio} src={url} autoPlay onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={() => setPlaying(false)} onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)} />
      <Button look="primary" icon={playing ? "pause" : "play"} onClick={toggle}>
        {playing ? w.messagePause : w.messagePlay}
      </Button>
      <input className="player__bar" type="range" min={0} max={lengthMs / 1000} step={STEP_SECONDS} value={at} aria-label={w.messageAt} aria-valuetext={duration(at * 1000)} onChange={(event) => seek(Number(event.target.value))} />
      <span className="tabular quiet">
        {duration(at * 1000)} / {duration(lengthMs)}
      </span>
      <Segmented name="message-speed" label={w.messageSpeed} value={speed} options={SPEEDS.map((value) => ({ value, label: `${value}×` }))} onChange={pace} />
    </>
  );
}
