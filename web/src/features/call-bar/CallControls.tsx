import { Button } from "@/components/Button";
import { Keypad } from "@/components/Keypad";
import { useDesk } from "@/hooks/useDesk";
import { useWords } from "@/hooks/useWords";
import { isApart, isGuest } from "@/lib/consult";
import type { Consult, Contact } from "@/lib/contract";
import { pressKey, useLine } from "@/lib/line";
import { usePrefs } from "@/lib/prefs";
import type { CallActs } from "./callActs";

interface Props {
  contact: Contact;
  consult: Consult | null;
  acts: Partial<CallActs>;
}

/** Mute, keys, hold, transfer, conference, hang up. On a phone they are the bar at the thumb. */
export function CallControls({ contact, consult, acts }: Props) {
  const { w } = useWords();
  const keys = usePrefs((prefs) => prefs.keys);
  const muted = useLine((line) => line.muted);
  const phase = useLine((line) => line.phase);
  // While two talk apart the customer is on hold for their sake: nobody takes him back by this button.
  const held = contact.state === "held" && !isApart(consult);
  const guest = isGuest(consult);
  return (
    <div className="controls" role="group" aria-label={w.talking}>
      <Button look="bar" icon={muted ? "micOff" : "mic"} hotkey={keys.mute} aria-pressed={muted} disabled={!acts.mute} onClick={acts.mute}>
        {muted ? w.unmute : w.mute}
      </Button>
      <Keypad w={w} look="bar" disabled={phase !== "live"} onKey={pressKey} />
      {!guest && (
        <>
          <Button look="bar" icon={held ? "play" : "pause"} hotkey={keys.hold} aria-pressed={held} disabled={!acts.hold} onClick={acts.hold}>
            {held ? w.resume : w.hold}
          </Button>
          <GivingButtons consult={consult} acts={acts} />
        </>
      )}
      <Button
        look="danger"
        className="controls__hangup"
        icon="hangup"
        hotkey={keys.hangup}
        disabled={!acts.hangup}
        title={isApart(consult) && !guest ? w.hangupApart : undefined}
        onClick={acts.hangup}
      >
        {guest ? w.leave : w.hangup}
      </Button>
    </div>
  );
}

function GivingButtons({ consult, acts }: Omit<Props, "contact">) {
  const { w } = useWords();
  const keys = usePrefs((prefs) => prefs.keys);
  const giving = useDesk((desk) => desk.giving);
  return (
    <>
      <Button look="bar" icon="swap" hotkey={keys.transfer} aria-haspopup="dialog" aria-expanded={giving === "transfer"} disabled={!acts.transfer} onClick={acts.transfer}>
        {w.transfer}
      </Button>
      <Button
        look="bar"
        icon="people"
        hotkey={keys.conference}
        aria-pressed={consult?.state === "conference"}
        disabled={!acts.conference}
        onClick={acts.conference}
        {...(!consult && { "aria-haspopup": "dialog", "aria-expanded": giving === "conference" })}
      >
        {w.conference}
      </Button>
    </>
  );
}
