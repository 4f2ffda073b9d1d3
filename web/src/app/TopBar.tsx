import { useEffect } from "react";
import { Button } from "@/components/Button";
import { Problem } from "@/components/Parts";
import { SealNote } from "@/components/SealNote";
import { callActs, type CallActs } from "@/features/call-bar/callActs";
import { CallControls } from "@/features/call-bar/CallControls";
import { CallHead } from "@/features/call-bar/CallHead";
import { LineAgain } from "@/features/call-bar/LineAgain";
import { StatusMenu } from "@/features/call-bar/StatusMenu";
import { AfterStrip } from "@/features/consult/AfterStrip";
import { ConsultStrip } from "@/features/consult/ConsultStrip";
import { WatcherStrips } from "@/features/consult/WatcherStrips";
import { IncomingStrip } from "@/features/incoming/IncomingStrip";
import { UnheardStrip } from "@/features/line-watch/UnheardStrip";
import { QualityLine } from "@/features/status-bar/QualityLine";
import { GivePanel } from "@/features/transfer/GivePanel";
import { useMatterName } from "@/hooks/useConfig";
import { setDesk, useDesk } from "@/hooks/useDesk";
import { useCommand } from "@/hooks/useFloor";
import { useKeys } from "@/hooks/useKeys";
import { useRing } from "@/hooks/useRing";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import type { Snapshot } from "@/lib/contract";
import { Home } from "./Nav";
import { useTurnPages } from "./useTurnPages";

/** The call bar of every route, and what belongs under it; while a call rings, the strip stands in its place. */
export function TopBar({ floor }: { floor: Snapshot }) {
  const { w, pick } = useWords();
  const command = useCommand();
  const { offer } = floor;
  const acts = callActs(floor, (wish) => !command.isPending && command.mutate(wish));
  const matter = useMatterName();
  const answer = () => {
    if (!offer || command.isPending) return;
    // The call's own ticket comes to the centre; what was typed elsewhere is saved as its form is left.
    command.mutate({ do: "accept", offer: offer.id }, { onSuccess: () => setDesk({ chosen: null, tab: "call" }) });
  };
  const decline = () => offer && !command.isPending && command.mutate({ do: "decline", offer: offer.id });
  const ringPhone = () => floor.contact && !command.isPending && command.mutate({ do: "ring_phone", contact: floor.contact.id });
  useRing(offer?.id ?? null, offer ? `${offer.kind === "consult" ? w.consultTitle : w.notificationTitle}・${matter(offer.contact.matter)}` : "");
  const { mute, hold, transfer, conference, hangup } = acts;
  useKeys({
    ...(offer && { answer, decline }),
    ...present({ mute, hold, transfer, conference, hangup }),
    ...useTurnPages(floor),
    help: () => setDesk({ help: !useDesk.getState().help }),
  });
  return (
    <>
      <Bar floor={floor} acts={acts} busy={command.isPending} onAnswer={answer} onDecline={decline} onRing={ringPhone} />
      <div className="under-bar">
        <BesideCall floor={floor} acts={acts} busy={command.isPending} />
        {command.isError && (
          <Problem onDismiss={command.reset} dismiss={w.dismiss}>
            {pick(explain(command.error))}
          </Problem>
        )}
      </div>
    </>
  );
}

/** Keys belong to the page only while they do something. */
const present = <T extends object>(acts: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(acts).filter(([, act]) => act !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };

/** The colleague beside the agent, what he left behind, and the panel in which one is chosen. */
function BesideCall({ floor, acts, busy }: { floor: Snapshot; acts: Partial<CallActs>; busy: boolean }) {
  const { contact, consult } = floor;
  const giving = useDesk((desk) => desk.giving);
  const left = useDesk((desk) => desk.aftermath);
  const mayGive = acts.transfer !== undefined;
  useEffect(() => {
    if (!mayGive) setDesk({ giving: null });
  }, [mayGive]);
  if (!contact || contact.state === "wrap_up") return null;
  return (
    <>
      <WatcherStrips watchers={floor.watchers} />
      {contact.state === "connected" && <UnheardStrip contact={contact.id} me={consult && !consult.mine ? "partner" : "agent"} byPhone={floor.phone !== null} />}
      {contact.sealed && contact.state !== "offered" && <SealNote talking={contact.state !== "connecting"} />}
      {consult && <ConsultStrip contact={contact} consult={consult} busy={busy} acts={acts} />}
      {!consult && left?.contact === contact.id && <AfterStrip contact={contact} left={left} busy={busy} onResume={acts.hold} />}
      {giving && mayGive && <GivePanel key={giving} contact={contact} giving={giving} />}
    </>
  );
}

interface BarProps {
  floor: Snapshot;
  acts: Partial<CallActs>;
  busy: boolean;
  onAnswer: () => void;
  onDecline: () => void;
  onRing: () => void;
}

function Bar({ floor, acts, busy, onAnswer, onDecline, onRing }: BarProps) {
  const { w } = useWords();
  const { offer, contact, consult } = floor;
  const drawer = useDesk((desk) => desk.drawer);
  const live = contact !== null && contact.state !== "wrap_up";
  return (
    <header className="top" data-ringing={offer !== null && !contact}>
      <Home />
      {offer && !contact ? (
        <IncomingStrip offer={offer} busy={busy} onAnswer={onAnswer} onDecline={onDecline} />
      ) : (
        <>
          {contact ? <CallHead contact={contact} consult={consult} phone={floor.phone} /> : <StatusMenu agent={floor.agent} />}
          <span className="top__gap" />
          {!contact && <span className="top__person quiet">{floor.agent.name}</span>}
          {live && <LineAgain contact={contact} phone={floor.phone} busy={busy} onRing={onRing} />}
          <Button className="top__drawer" icon="panel" aria-expanded={drawer} aria-controls="assist" onClick={() => setDesk({ drawer: !drawer })}>
            {w.assistPanel}
          </Button>
          {live && (
            <div className="thumb">
              <QualityLine />
              <CallControls contact={contact} consult={consult} acts={acts} />
            </div>
          )}
        </>
      )}
    </header>
  );
}
