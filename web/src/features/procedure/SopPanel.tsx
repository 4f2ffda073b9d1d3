import { Icon } from "@/components/Icon";
import { useMatterName } from "@/hooks/useConfig";
import { useWords } from "@/hooks/useWords";
import type { Contact } from "@/lib/contract";

/** The place of the procedure's steps. Until one is published for the matter it says so. */
export function SopPanel({ contact }: { contact: Contact }) {
  const { w } = useWords();
  const matter = useMatterName()(contact.matter);
  return (
    <section className="sop" aria-labelledby="sop-title">
      <header className="section-head">
        <h2 id="sop-title">{matter}</h2>
        <span className="quiet">{w.sop}</span>
      </header>
      <div className="sop__empty">
        <Icon name="quote" size={18} />
        <div>
          <b>{w.noSop}</b>
          <p>{w.noSopHint}</p>
        </div>
      </div>
    </section>
  );
}
