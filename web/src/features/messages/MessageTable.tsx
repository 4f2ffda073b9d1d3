import { Button } from "@/components/Button";
import { Empty, Problem, Skeleton } from "@/components/Parts";
import { useMatterName, useQueueName } from "@/hooks/useConfig";
import { useMessages, useTakeMessage } from "@/hooks/useMessages";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import { serverNow } from "@/lib/clock";
import type { Message } from "@/lib/contract";
import { duration, shortDate } from "@/lib/format";

/** What callers spoke while nobody could answer: the oldest first, taken by one agent each. */
export function MessageTable({ onTaken }: { onTaken: (ticket: string) => void }) {
  const { w, pick } = useWords();
  const messages = useMessages();
  const taking = useTakeMessage();
  const grab = (id: string) => taking.mutate(id, { onSuccess: (ticket) => onTaken(ticket.id) });
  return (
    <section className="page" aria-labelledby="messages-title">
      <header className="page__head">
        <h1 id="messages-title">{w.messages}</h1>
        <span className="quiet">{w.oldestFirst}</span>
      </header>
      {taking.isError && (
        <Problem onDismiss={taking.reset} dismiss={w.dismiss}>
          {pick(explain(taking.error))}
        </Problem>
      )}
      {!messages && <Skeleton lines={6} label={w.loading} />}
      {messages?.length === 0 && <Empty icon="message" title={w.noMessages}>{w.noMessagesHint}</Empty>}
      {messages && messages.length > 0 && <Rows messages={messages} busy={taking.isPending} onTake={grab} />}
    </section>
  );
}

function Rows({ messages, busy, onTake }: { messages: Message[]; busy: boolean; onTake: (id: string) => void }) {
  const { w } = useWords();
  const [matter, queue] = [useMatterName(), useQueueName()];
  return (
    <table className="table">
      <thead>
        <tr>
          {[w.messageLeft, w.matter, w.columnQueue, w.messageLength, ""].map((name, index) => (
            <th key={index} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {messages.map((message) => (
          <tr key={message.id}>
            <td className="tabular">{shortDate(message.left_at, serverNow())}</td>
            <th scope="row">{message.matter ? matter(message.matter) : "—"}</th>
            <td>{queue(message.queue)}</td>
            <td className="tabular">{duration(message.length_ms)}</td>
            <td>
              <Button size="small" disabled={busy} onClick={() => onTake(message.id)}>
                {w.takeMessage}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
