import { Icon } from "@/components/Icon";
import { Empty, Tag } from "@/components/Parts";
import { useMatterName } from "@/hooks/useConfig";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import { isApart } from "@/lib/consult";
import type { Consult, Contact, Snapshot } from "@/lib/contract";
import { talkTime, waited } from "@/lib/floor";
import { duration } from "@/lib/format";

/** The contact in hand as a card of the queue column. */
export function ActiveCard({ contact, consult, current, onChoose }: { contact: Contact; consult: Consult | null; current: boolean; onChoose: () => void }) {
  const { w } = useWords();
  const now = useNow();
  const matter = useMatterName()(contact.matter);
  const caller = contact.caller || (contact.channel === "browser" ? w.browserCaller : w.hiddenNumber);
  return (
    <button type="button" className="item item--active" aria-current={current} onClick={onChoose}>
      <span className="item__top">
        <b>{matter}</b>
        <span className="item__time tabular">
          <Icon name="phone" />
          {duration(talkTime(contact, now))}
        </span>
      </span>
      <span className="item__line tabular">
        {caller}・{contact.lang === "zh" ? w.mandarin : w.english}・{w.waitedFor(duration(waited(contact, now)))}
      </span>
      <span className="item__tags">
        <Tag>{contact.channel === "phone" ? w.phone : w.browserCall}</Tag>
        {contact.edge && <Tag>{contact.edge}</Tag>}
        {consult && <Tag tone="accent" icon="people">{isApart(consult) ? w.consulting : w.threeWay}</Tag>}
        {contact.state === "held" && <Tag tone="amber" icon="pause">{w.held}</Tag>}
        {contact.state === "wrap_up" && <Tag tone="amber" icon="clock">{w.wrapUp}</Tag>}
      </span>
    </button>
  );
}

/** What stands there while no contact is in hand. */
export function NoActive({ floor }: { floor: Snapshot }) {
  const { w } = useWords();
  if (floor.offer) {
    const asks = floor.offer.kind === "consult";
    return <Empty icon={asks ? "people" : "phone"} title={asks ? w.consultWaits : w.ringWaits}>{w.ringWaitsHint}</Empty>;
  }
  return (
    <Empty icon="headset" title={w.noActive}>
      {floor.agent.state === "available" ? w.noActiveHint : w.notReadyHint}
    </Empty>
  );
}
