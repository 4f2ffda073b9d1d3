import { useState } from "react";
import { Button } from "@/components/Button";
import { Empty, Skeleton, Tag } from "@/components/Parts";
import { Segmented } from "@/components/Segmented";
import { useMatterName } from "@/hooks/useConfig";
import { useTickets } from "@/hooks/useTickets";
import { useWords } from "@/hooks/useWords";
import { serverNow } from "@/lib/clock";
import type { Ticket } from "@/lib/contract";
import { shortDate, shortId } from "@/lib/format";

type Filter = "all" | Ticket["state"];

/** All of the agent's own tickets. */
export function TicketTable({ onOpen }: { onOpen: (id: string) => void }) {
  const { w } = useWords();
  const [filter, setFilter] = useState<Filter>("all");
  const tickets = useTickets()?.filter((each) => filter === "all" || each.state === filter);
  const options = (["all", "draft", "submitted", "unattended"] as const).map((value) => ({ value, label: value === "all" ? w.all : (w.ticketState[value] ?? value) }));
  return (
    <section className="page" aria-labelledby="tickets-title">
      <header className="page__head">
        <h1 id="tickets-title">{w.allTickets}</h1>
        <Segmented name="ticket-filter" label={w.columnState} value={filter} options={options} onChange={setFilter} />
      </header>
      {!tickets && <Skeleton lines={6} label={w.loading} />}
      {tickets?.length === 0 && <Empty icon="ticket" title={w.noTodo}>{w.noTodoHint}</Empty>}
      {tickets && tickets.length > 0 && <Rows tickets={tickets} onOpen={onOpen} />}
    </section>
  );
}

function Rows({ tickets, onOpen }: { tickets: Ticket[]; onOpen: (id: string) => void }) {
  const { w } = useWords();
  const matter = useMatterName();
  return (
    <table className="table">
      <thead>
        <tr>
          {[w.columnTicket, w.matter, w.columnState, w.columnLeft, w.columnUpdated, ""].map((name, index) => (
            <th key={index} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tickets.map((ticket) => (
          <tr key={ticket.id}>
            <td className="tabular">{shortId(ticket.id)}</td>
            <th scope="row">{matter(ticket.matter)}</th>
            <td>
              <Tag tone={ticket.state === "draft" ? "accent" : "plain"}>{w.ticketState[ticket.state] ?? ticket.state}</Tag>
            </td>
            <td className="tabular">{ticket.state === "draft" ? ticket.missing.length : "—"}</td>
            <td className="tabular">{shortDate(ticket.updated_at, serverNow())}</td>
            <td>
              <Button size="small" onClick={() => onOpen(ticket.id)}>
                {w.openTicket}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
