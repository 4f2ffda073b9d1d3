import { Button } from "@/components/Button";
import { useCommand } from "@/hooks/useFloor";
import { useWords } from "@/hooks/useWords";
import type { Contact } from "@/lib/contract";
import { setMuted, useLine } from "@/lib/line";
import { usePrefs } from "@/lib/prefs";

export interface CallActs {
  mute: () => void;
  hold: () => void;
  hangup: () => void;
}

/** What a live contact allows: the acts by name, for buttons and keys alike. */
export function useCallActs(contact: Contact | null): Partial<CallActs> {
  const command = useCommand();
  if (!contact || contact.state === "wrap_up" || contact.state === "offered") return {};
  const talking = contact.state === "connected" || contact.state === "held";
  return {
    mute: () => setMuted(!useLine.getState().muted),
    ...(talking && { hold: () => command.mutate({ do: contact.state === "held" ? "resume" : "hold", contact: contact.id }) }),
    hangup: () => command.mutate({ do: "hangup", contact: contact.id }),
  };
}

/** Mute, hold, hang up. On a phone they are the bar at the thumb. */
export function CallControls({ contact, acts }: { contact: Contact; acts: Partial<CallActs> }) {
  const { w } = useWords();
  const keys = usePrefs((prefs) => prefs.keys);
  const muted = useLine((line) => line.muted);
  const held = contact.state === "held";
  return (
    <div className="controls" role="group" aria-label={w.talking}>
      <Button look="bar" icon={muted ? "micOff" : "mic"} hotkey={keys.mute} aria-pressed={muted} disabled={!acts.mute} onClick={acts.mute}>
        {muted ? w.unmute : w.mute}
      </Button>
      <Button look="bar" icon={held ? "play" : "pause"} hotkey={keys.hold} aria-pressed={held} disabled={!acts.hold} onClick={acts.hold}>
        {held ? w.resume : w.hold}
      </Button>
      <Button look="danger" className="controls__hangup" icon="hangup" hotkey={keys.hangup} disabled={!acts.hangup} onClick={acts.hangup}>
        {w.hangup}
      </Button>
    </div>
  );
}
