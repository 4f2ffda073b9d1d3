import { Button } from "@/components/Button";
import { joinContact } from "@/hooks/useAgentLine";
import { usePhoneWords } from "@/hooks/usePhoneWords";
import { useWords } from "@/hooks/useWords";
import type { Contact, Phone } from "@/lib/contract";
import { useLine } from "@/lib/line";

interface Props {
  contact: Contact;
  phone: Phone | null;
  busy: boolean;
  onRing: () => void;
}

/** Once more by hand: the page's own sound, or the agent's phone. */
export function LineAgain({ contact, phone, busy, onRing }: Props) {
  const { w } = useWords();
  const { p } = usePhoneWords();
  const phase = useLine((line) => line.phase);
  const apart = useLine((line) => line.legs.consult !== undefined);
  if (phone) {
    return phone.again ? (
      <Button icon="refresh" disabled={busy} onClick={onRing}>
        {p.again}
      </Button>
    ) : null;
  }
  if (phase !== "failed" && phase !== "no_microphone") return null;
  return (
    <Button icon="refresh" onClick={() => joinContact(contact.id, apart ? "consult" : "contact", contact.sealed)}>
      {w.lineAgain}
    </Button>
  );
}
