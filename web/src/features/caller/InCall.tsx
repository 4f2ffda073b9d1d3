import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { SealNote } from "@/components/SealNote";
import { useSealWords } from "@/hooks/useSealWords";
import type { PublicMatters } from "@/lib/contract";
import { ConversationCard } from "./ConversationCard";
import { Ended, Promised } from "./Endings";
import { isShut } from "./hours";
import { pictureOf } from "./pictures";
import { QueueCard } from "./QueueCard";
import { useOwnTones } from "./useOwnTones";
import { useVisit } from "./visit";
import { useCallerWords } from "./words";

/** From the queue to the end. */
export function InCall({ offer }: { offer: PublicMatters }) {
  const { w, lang } = useCallerWords();
  const state = useVisit((visit) => visit.state);
  const matter = offer.matters.find((each) => each.id === state?.matter);
  useOwnTones(state);
  if (!state) return null;
  if (state.state === "ended") return <Ended />;
  if (state.state === "callback_promised") return <Promised number={state.callback_to ?? ""} shut={isShut(offer, matter)} />;
  const waiting = state.state === "queued";
  return (
    <>
      {matter && (
        <section className="card card--matter">
          <Icon name={pictureOf(matter.id)} size={20} />
          <div>
            <b>{matter[lang]}</b>
            <p className="quiet">{matter.hint[lang]}</p>
          </div>
        </section>
      )}
      {waiting ? <QueueCard state={state} /> : <ConversationCard state={state} />}
      {waiting && <CallbackOffer sealed={state.sealed} />}
      {state.sealed ? (
        <SealNote talking={state.state === "connected"} />
      ) : (
        <p className="caller__aside">
          <Icon name="info" />
          <span>{w.recorded}</span>
        </p>
      )}
      {waiting && <p className="caller__last quiet">{w.switchApp}</p>}
    </>
  );
}

function CallbackOffer({ sealed }: { sealed: boolean }) {
  const { w } = useCallerWords();
  const s = useSealWords();
  return (
    <section className="card card--tint">
      <h2>{w.noWish}</h2>
      <p>
        {w.noWishHint} {sealed && s.phone}
      </p>
      <Button look="primary" size="large" icon="phone" onClick={() => useVisit.setState({ step: "leaving_number" })}>
        {w.callbackSet}
      </Button>
    </section>
  );
}
