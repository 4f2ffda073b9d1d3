import { Button } from "@/components/Button";
import { Problem } from "@/components/Parts";
import { CallControls, useCallActs } from "@/features/call-bar/CallControls";
import { CallHead } from "@/features/call-bar/CallHead";
import { StatusMenu } from "@/features/call-bar/StatusMenu";
import { IncomingStrip } from "@/features/incoming/IncomingStrip";
import { QualityLine } from "@/features/status-bar/QualityLine";
import { joinContact } from "@/hooks/useAgentLine";
import { useMatterName } from "@/hooks/useConfig";
import { setDesk, useDesk } from "@/hooks/useDesk";
import { useCommand } from "@/hooks/useFloor";
import { useKeys } from "@/hooks/useKeys";
import { useRing } from "@/hooks/useRing";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import type { Contact, Offer, Snapshot } from "@/lib/contract";
import { useLine } from "@/lib/line";
import { Home } from "./Nav";
import { useTurnPages } from "./useTurnPages";

/** The call bar of every route; while a call rings, the strip stands in its place. */
export function TopBar({ floor }: { floor: Snapshot }) {
  const { w, pick } = useWords();
  const command = useCommand();
  const { offer, contact } = floor;
  const acts = useCallActs(contact);
  const matter = useMatterName();
  const answer = () => {
    if (!offer || command.isPending) return;
    // The call's own ticket comes to the centre; what was typed elsewhere is saved as its form is left.
    command.mutate({ do: "accept", offer: offer.id }, { onSuccess: () => setDesk({ chosen: null, tab: "call" }) });
  };
  const decline = () => offer && !command.isPending && command.mutate({ do: "decline", offer: offer.id });
  useRing(offer?.id ?? null, offer ? `${w.notificationTitle}・${matter(offer.contact.matter)}` : "");
  useKeys({
    ...(offer && { answer, decline }),
    ...acts,
    ...useTurnPages(floor),
    help: () => setDesk({ help: !useDesk.getState().help }),
  });
  return (
    <>
      <Bar offer={offer} contact={contact} floor={floor} acts={acts} busy={command.isPending} onAnswer={answer} onDecline={decline} />
      {command.isError && (
        <Problem onDismiss={command.reset} dismiss={w.dismiss}>
          {pick(explain(command.error))}
        </Problem>
      )}
    </>
  );
}

interface BarProps {
  offer: Offer | null;
  contact: Contact | null;
  floor: Snapshot;
  acts: ReturnType<typeof useCallActs>;
  busy: boolean;
  onAnswer: () => void;
  onDecline: () => void;
}

function Bar({ offer, contact, floor, acts, busy, onAnswer, onDecline }: BarProps) {
  const { w } = useWords();
  const drawer = useDesk((desk) => desk.drawer);
  const live = contact !== null && contact.state !== "wrap_up";
  return (
    <header className="top" data-ringing={offer !== null && !contact}>
      <Home />
      {offer && !contact ? (
        <IncomingStrip offer={offer} busy={busy} onAnswer={onAnswer} onDecline={onDecline} />
      ) : (
        <>
          {contact ? <CallHead contact={contact} /> : <StatusMenu agent={floor.agent} />}
          <span className="top__gap" />
          {!contact && <span className="top__person quiet">{floor.agent.name}</span>}
          {live && <LineAgain contact={contact} />}
          <Button className="top__drawer" icon="panel" aria-expanded={drawer} aria-controls="assist" onClick={() => setDesk({ drawer: !drawer })}>
            {w.assistPanel}
          </Button>
          {live && (
            <div className="thumb">
              <QualityLine />
              <CallControls contact={contact} acts={acts} />
            </div>
          )}
        </>
      )}
    </header>
  );
}

function LineAgain({ contact }: { contact: Contact }) {
  const { w } = useWords();
  const phase = useLine((line) => line.phase);
  if (phase !== "failed" && phase !== "no_microphone") return null;
  return (
    <Button icon="refresh" onClick={() => joinContact(contact.id)}>
      {w.lineAgain}
    </Button>
  );
}
