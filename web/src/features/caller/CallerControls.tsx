import { Button } from "@/components/Button";
import { Keypad } from "@/components/Keypad";
import { pressKey, setDeaf, setMuted, useLine } from "@/lib/line";
import { hangUp } from "./acts";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** Mute, sound, keys, hang up: four buttons for a thumb. */
export function CallerControls() {
  const { w } = useCallerWords();
  const { muted, deaf, phase } = useLine();
  const busy = useVisit((visit) => visit.busy);
  return (
    <div className="thumbs">
      <Button icon={muted ? "micOff" : "mic"} aria-pressed={muted} onClick={() => setMuted(!muted)}>
        {muted ? w.unmute : w.mute}
      </Button>
      <Button icon={deaf ? "speakerOff" : "speaker"} aria-pressed={deaf} onClick={() => setDeaf(!deaf)}>
        {deaf ? w.soundOff : w.sound}
      </Button>
      <Keypad w={w} disabled={phase !== "live"} onKey={pressKey} />
      <Button look="danger" icon="hangup" disabled={busy} onClick={() => void hangUp()}>
        {w.hangup}
      </Button>
    </div>
  );
}
