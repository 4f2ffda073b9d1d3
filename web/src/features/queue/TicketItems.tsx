import { Icon } from "@/components/Icon";
import { Empty, Skeleton } from "@/components/Parts";
import { useMatterName } from "@/hooks/useConfig";
import { useWords } from "@/hooks/useWords";
import { serverNow } from "@/lib/clock";
import type { Ticket } from "@/lib/contract";
import { shortDate, shortId } from "@/lib/format";

interface Props {
  tickets: Ticket[] | undefined;
  past: boolean;
  chosen: string | null;
  onChoose: (id: string) => void;
}

/** The agent's own tickets as a list: what is left to do, or what is done. */
export function TicketItems({ tickets, past, chosen, onChoose }: Props) {
  const { w } = useWords();
  const matter = useMatterName();
  if (!tickets) return <Skeleton lines={5} label={w.loading} />;
  if (tickets.length === 0) return <Empty icon="ticket" title={past ? w.noHistory : w.noTodo}>{past ? undefined : w.noTodoHint}</Empty>;
  return (
    <ul className="items">
      {tickets.map((ticket) => (
        <li key={ticket.id}>
          <button type="button" className="item" aria-current={ticket.id === chosen} onClick={() => onChoose(ticket.id)}>
            <span className="item__top">
              <span className="item__title">{matter(ticket.matter)}</span>
              {!past && <Left count={ticket.missing.length} />}
              {past && <span className="quiet">{w.ticketState[ticket.state] ?? ticket.state}</span>}
            </span>
            <span className="item__top item__line">
              <span className="tabular">
                {shortId(ticket.id)}・{w.ticketState[ticket.state] ?? ticket.state}
              </span>
              <span className="tabular">{shortDate(ticket.updated_at, serverNow())}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Left({ count }: { count: number }) {
  const { w } = useWords();
  if (count === 0) return <span className="quiet">{w.readyToSubmit}</span>;
  return (
    <span className="item__left">
      <Icon name="pen" size={14} />
      {w.ticketLeft(count)}
    </span>
  );
}
