import { useState } from "react";
import { Icon } from "@/components/Icon";
import { useCommand } from "@/hooks/useFloor";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Contact } from "@/lib/contract";
import { duration, secondsLeft } from "@/lib/format";
import { ranOut, unrecordedFor } from "@/lib/recording";

const TOLD_MS = 20_000;

/** Whether the conversation is recorded, and the switch: while a card is read out nothing is kept. */
export function RecordingSwitch({ contact, mine }: { contact: Contact; mine: boolean }) {
  const { w } = useWords();
  const command = useCommand();
  const now = useNow();
  const over = useRanOut(contact, now);
  const left = unrecordedFor(contact, now);
  const paused = left > 0;
  const label = paused ? w.unrecorded(duration(secondsLeft(now + left, now) * 1000)) : over ? w.recordedAgain : w.recording;
  return (
    <>
      <button
        type="button"
        className={`tag tag--button recording ${paused || over ? "tag--amber" : "tag--plain"}`}
        aria-pressed={paused}
        title={paused ? w.resumeRecording : w.pauseRecording}
        disabled={!mine || command.isPending}
        onClick={() => command.mutate({ do: paused ? "resume_recording" : "pause_recording", contact: contact.id })}
      >
        {paused ? <Icon name="pause" size={14} /> : <span className="dot recording__dot" aria-hidden="true" />}
        <span className="tabular">{label}</span>
      </button>
      <span className="sr-only" role="status">
        {paused ? w.unrecorded("") : over ? w.recordedAgain : ""}
      </span>
    </>
  );
}

/** True for a while after a pause came to its end by itself. */
function useRanOut(contact: Contact, now: number): boolean {
  const [last, setLast] = useState({ contact: contact.id, until: 0 });
  const until = contact.unrecorded_until ?? 0;
  if (until && (last.contact !== contact.id || last.until !== until)) setLast({ contact: contact.id, until });
  return last.contact === contact.id && ranOut(last.until, contact, now, TOLD_MS);
}
