import { useLocalNow } from "@/hooks/useNow";
import type { CallerState } from "@/lib/contract";
import { duration, waitMinutes } from "@/lib/format";
import { CallerControls } from "./CallerControls";
import { LineState } from "./LineState";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** More places than this are shown as a share, not one by one. */
const MOST_PLACES = 10;

/** Place in the queue, expected wait, and the controls of the line. */
export function QueueCard({ state }: { state: CallerState }) {
  const { w } = useCallerWords();
  const now = useLocalNow();
  const heardAt = useVisit((visit) => visit.heardAt);
  const waited = state.waited_ms + Math.max(0, now - heardAt);
  return (
    <section className="card">
      <header className="card__head">
        <span className="card__state" role="status">
          <span className="dot" aria-hidden="true" />
          {w.queued}
        </span>
        <span className="quiet tabular">{w.waited(duration(waited))}</span>
      </header>
      <div className="places tabular">
        <p>
          <span className="quiet">{w.yourPlace}</span>
          <span className="places__value">
            {w.placeBefore} <b>{state.position ?? "—"}</b> {w.placeAfter}
          </span>
        </p>
        <p>
          <span className="quiet">{w.stillAbout}</span>
          <span className="places__value">
            <Expected seconds={state.wait_seconds} />
          </span>
        </p>
      </div>
      <Progress entry={state.position_at_entry} position={state.position} />
      <CallerControls />
    </section>
  );
}

function Expected({ seconds }: { seconds: number | null }) {
  const { w } = useCallerWords();
  if (seconds === null) return <b>—</b>;
  const minutes = waitMinutes(seconds);
  if (minutes === 0) return <b>{w.soon}</b>;
  return (
    <>
      <b>{minutes}</b> {w.minute}
    </>
  );
}

function Progress({ entry, position }: { entry: number | null; position: number | null }) {
  const { w } = useCallerWords();
  const known = entry !== null && position !== null && entry > 0;
  const moved = known ? Math.max(0, entry - position) : 0;
  const segments = known ? Math.min(entry, MOST_PLACES) : 0;
  const filled = known ? Math.round((moved / entry) * segments) : 0;
  return (
    <>
      {known && (
        <div className="segments" aria-hidden="true">
          {Array.from({ length: segments }, (_, index) => (
            <span key={index} data-filled={index < filled} />
          ))}
        </div>
      )}
      <div className="places__note quiet tabular">
        <span>{known ? w.moved(entry, moved) : ""}</span>
        <LineState />
      </div>
    </>
  );
}
