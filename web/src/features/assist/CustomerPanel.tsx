import { Empty } from "@/components/Parts";
import { useMatterName } from "@/hooks/useConfig";
import { useWords } from "@/hooks/useWords";
import type { Contact } from "@/lib/contract";
import { clockTime } from "@/lib/format";

/** What is known of the customer: this contact, masked. Before answering only what is needed. */
export function CustomerPanel({ contact, preview = false }: { contact: Contact | null; preview?: boolean }) {
  const { w } = useWords();
  const matter = useMatterName();
  return (
    <section className="panel panel--customer" aria-labelledby="customer-title">
      <header className="section-head">
        <h2 id="customer-title">{preview ? w.preview : w.customer}</h2>
        <span className="section-head__end quiet">{preview ? w.previewHint : ""}</span>
      </header>
      {contact ? (
        <dl className="pairs">
          <dt>{w.number}</dt>
          <dd className="tabular">{contact.caller || w.hiddenNumber}</dd>
          <dt>{w.matter}</dt>
          <dd>{matter(contact.matter)}</dd>
          <dt>{w.language}</dt>
          <dd>{contact.lang === "zh" ? w.mandarin : w.english}</dd>
          <dt>{w.factChannel}</dt>
          <dd className="tabular">
            {contact.channel === "phone" ? w.phone : w.browserCall}・{w.since(clockTime(contact.queued_at))}
          </dd>
        </dl>
      ) : (
        <Empty icon="person" title={w.customerNone}>
          {w.customerHint}
        </Empty>
      )}
    </section>
  );
}
