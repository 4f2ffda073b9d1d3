import { Fact } from "@/components/Parts";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Contact } from "@/lib/contract";
import { waited } from "@/lib/floor";
import { clockTime, duration } from "@/lib/format";

/** Four facts of the contact that are known without asking. */
export function CallFacts({ contact }: { contact: Contact }) {
  const { w } = useWords();
  const now = useNow(contact.connected_at === null);
  const joined = contact.connected_at === null ? w.connecting : w.answeredAt(clockTime(contact.connected_at));
  return (
    <dl className="facts">
      <Fact label={w.factChannel} note={w.since(clockTime(contact.queued_at))}>
        {contact.channel === "phone" ? w.phone : w.browserCall}
      </Fact>
      <Fact label={w.factWaited} note={joined}>
        <span className="tabular">{duration(waited(contact, now))}</span>
      </Fact>
      <Fact label={w.factLanguage} note={contact.caller || w.hiddenNumber}>
        {contact.lang === "zh" ? w.mandarin : w.english}
      </Fact>
      <Fact label={w.factEdge} note={contact.sealed ? "SFrame・DTLS-SRTP・Opus" : "DTLS-SRTP・Opus"}>
        {contact.edge ?? w.factEdgeNone}
      </Fact>
    </dl>
  );
}
