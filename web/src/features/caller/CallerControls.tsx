import { Button } from "@/components/Button";
import { setDeaf, setMuted, useLine } from "@/lib/line";
import { hangUp } from "./acts";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** Mute, sound, hang up: three buttons for a thumb. */
export function CallerControls() {
  const { w } = useCallerWords();
  const { muted, deaf } = useLine();
  const busy = useVisit((visit) => visit.busy);
  return (
    <div className="thumbs">
      <Button icon={muted ? "micOff" : "mic"} aria-pressed={muted} onClick={() => setMuted(!muted)}>
        {muted ? w.unmute : w.mute}
      </Button>
      <Button icon={deaf ? "speakerOff" : "speaker"} aria-pressed={deaf} onClick={() => setDeaf(!deaf)}>
        {deaf ? w.soundOff : w.sound}
      </Button>
      <Button look="danger" icon="hangup" disabled={busy} onClick={() => void hangUp()}>
        {w.hangup}
      </Button>
    </div>
  );
}
