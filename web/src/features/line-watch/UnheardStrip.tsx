import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { joinContact } from "@/hooks/useAgentLine";
import { useContactLine } from "@/hooks/useContactLine";
import { useWords } from "@/hooks/useWords";
import { useLine } from "@/lib/line";
import { unheardBy, type Party } from "@/lib/unheard";

/** News may be lost; then this finds out. */
const LOOK_MS = 10_000;

/** One line below the call bar: who is not heard, and what helps. */
export function UnheardStrip({ contact, me, byPhone }: { contact: string; me: Party; byPhone: boolean }) {
  const { w } = useWords();
  const muted = useLine((line) => line.muted);
  const { data } = useContactLine(contact, LOOK_MS);
  const found = unheardBy(data, me, muted);
  if (!found) return null;
  const own = found.party === me;
  const texts = own ? w.unheardMe : w.unheardOther;
  return (
    <section className="consult" data-tone="amber" aria-label={texts.title}>
      <Icon name="warn" size={20} />
      <p className="consult__text">
        <b role="alert">{texts.title}</b>
        <span>{texts[found.fault]}</span>
      </p>
      {own && !byPhone && found.fault === "no_packets" && (
        <div className="consult__acts">
          <Button icon="refresh" onClick={() => joinContact(contact)}>
            {w.lineAgain}
          </Button>
        </div>
      )}
    </section>
  );
}
