import { Button } from "@/components/Button";
import { CountRing } from "@/components/CountRing";
import { Icon } from "@/components/Icon";
import { Tag } from "@/components/Parts";
import { useConfig, useMatterName } from "@/hooks/useConfig";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Offer } from "@/lib/contract";
import { talkTime, waited } from "@/lib/floor";
import { duration, secondsLeft } from "@/lib/format";
import { setPrefs, usePrefs } from "@/lib/prefs";
import { WhyMe } from "./WhyMe";

interface Props {
  offer: Offer;
  busy: boolean;
  onAnswer: () => void;
  onDecline: () => void;
}

/** A call rings: a strip in place of the call bar. It asks for attention, never for the focus. */
export function IncomingStrip({ offer, busy, onAnswer, onDecline }: Props) {
  const { w } = useWords();
  const now = useNow();
  const left = secondsLeft(offer.expires_at, now);
  const matter = useMatterName()(offer.contact.matter);
  const caller = offer.contact.caller || (offer.contact.channel === "browser" ? w.browserCaller : w.hiddenNumber);
  const asks = offer.asked_by;
  const news = asks === null ? w.ringing(matter, caller) : w.asksYou(asks, matter);
  return (
    <section className="incoming" aria-label={news}>
      <CountRing left={left} whole={Math.round((offer.expires_at - offer.opened_at) / 1000)} />
      <div className="incoming__who">
        <p className="incoming__label">
          <Icon name={asks === null ? "phone" : "people"} size={14} />
          {asks === null ? w.passesIn(left) : w.consultEnds(left)}
        </p>
        <p className="incoming__matter">
          {asks === null ? <b>{matter}</b> : <b>{w.asksFor(asks)}</b>} {asks === null ? caller : matter}
        </p>
      </div>
      <Facts offer={offer} now={now} />
      <Answers busy={busy} onAnswer={onAnswer} onDecline={onDecline} />
      <span className="hidden" role="alert">
        {news}
      </span>
    </section>
  );
}

function Facts({ offer, now }: { offer: Offer; now: number }) {
  const { w, pick } = useWords();
  const queue = useConfig()?.matters.find((each) => each.queue === offer.contact.queue);
  return (
    <>
      <dl className="incoming__facts">
        <div>
          <dt>{w.language}</dt>
          <dd>{offer.contact.lang === "zh" ? w.mandarin : w.english}</dd>
        </div>
        <div>
          <dt>{offer.kind === "consult" ? w.talkedLabel : w.waitedLabel}</dt>
          <dd className="tabular">{duration(offer.kind === "consult" ? talkTime(offer.contact, now) : waited(offer.contact, now))}</dd>
        </div>
        <div>
          <dt>{w.factChannel}</dt>
          <dd>{offer.contact.channel === "phone" ? w.phone : w.browserCall}</dd>
        </div>
      </dl>
      {offer.kind === "contact" && offer.why.length > 0 && (
        <div className="incoming__why" data-queue={queue?.queue}>
          <WhyMe offer={offer.id} />
          <div>
            {offer.why.map((reason) => (
              <Tag key={reason.en} tone="accent">
                {pick(reason)}
              </Tag>
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function Answers({ busy, onAnswer, onDecline }: Omit<Props, "offer">) {
  const { w } = useWords();
  const { answer, decline } = usePrefs((prefs) => prefs.keys);
  const silent = usePrefs((prefs) => prefs.ringMuted);
  return (
    <div className="incoming__acts">
      <Button look="quiet" size="large" icon={silent ? "speakerOff" : "speaker"} aria-pressed={silent} onClick={() => setPrefs({ ringMuted: !silent })}>
        {silent ? w.unsilence : w.silence}
      </Button>
      <Button look="primary" size="large" icon="phone" hotkey={answer} disabled={busy} onClick={onAnswer}>
        {w.answer}
      </Button>
      <Button look="plain" size="large" icon="cross" hotkey={decline} disabled={busy} onClick={onDecline}>
        {w.decline}
      </Button>
    </div>
  );
}
