import { Button } from "@/components/Button";
import { setDesk } from "@/hooks/useDesk";
import { useWords } from "@/hooks/useWords";
import type { Aftermath } from "@/lib/consult";
import type { Contact } from "@/lib/contract";
import { Strip } from "./ConsultStrip";

interface Props {
  contact: Contact;
  left: Aftermath;
  busy: boolean;
  onResume: (() => void) | undefined;
}

/** After a consult: the customer still waits on hold and is taken back here, or somebody came or went. */
export function AfterStrip({ contact, left, busy, onResume }: Props) {
  const { w } = useWords();
  const held = contact.state === "held";
  const title = { given: w.givenBy, not_joined: w.notJoined, over: w.consultOver }[left.kind](left.name);
  const note = held ? (left.kind === "given" ? w.takingBack : w.stillHeld) : w.youHear;
  return (
    <Strip icon={held ? "pause" : "info"} title={title} note={note} amber={held}>
      {held && onResume && (
        <Button look="primary" icon="play" disabled={busy} onClick={onResume}>
          {w.takeBack}
        </Button>
      )}
      {!held && (
        <Button look="quiet" onClick={() => setDesk({ aftermath: null })}>
          {w.dismiss}
        </Button>
      )}
    </Strip>
  );
}
