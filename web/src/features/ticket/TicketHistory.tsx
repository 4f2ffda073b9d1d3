import { useWords } from "@/hooks/useWords";
import type { Ticket } from "@/lib/contract";
import { clockTime } from "@/lib/format";

const SHOWN = 8;

/** What happened to this ticket, newest first. */
export function TicketHistory({ ticket }: { ticket: Ticket }) {
  const { w } = useWords();
  if (ticket.history.length === 0) return null;
  const lines = ticket.history.toSorted((a, b) => b.at - a.at).slice(0, SHOWN);
  return (
    <section className="history" aria-label={w.steps}>
      <header className="field__head">
        <h3>{w.steps}</h3>
        <span className="quiet">{w.newestOnTop}</span>
      </header>
      <ol>
        {lines.map((line, index) => (
          <li key={`${line.at}-${index}`}>
            <time className="tabular">{clockTime(line.at).slice(0, 5)}</time>
            <span className="history__mark" aria-hidden="true" />
            <span>{w.ticketWhat[line.what] ?? line.what}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
