import { Tag } from "@/components/Parts";
import { useMatterName } from "@/hooks/useConfig";
import { useNow } from "@/hooks/useNow";
import { usePhoneWords } from "@/hooks/usePhoneWords";
import { useWords } from "@/hooks/useWords";
import { isApart } from "@/lib/consult";
import type { Consult, Contact, Phone } from "@/lib/contract";
import { talkTime, waited } from "@/lib/floor";
import { duration, secondsLeft } from "@/lib/format";
import { useLine } from "@/lib/line";
import { RecordingSwitch } from "./RecordingSwitch";

/** Who is on the line, in which state, for how long. */
export function CallHead({ contact, consult, phone }: { contact: Contact; consult: Consult | null; phone: Phone | null }) {
  const { w } = useWords();
  const now = useNow();
  const matter = useMatterName()(contact.matter);
  const alone = { offered: w.connecting, connecting: w.connecting, connected: w.talking, held: w.held, wrap_up: w.wrapUp }[contact.state];
  const state = consult === null ? alone : isApart(consult) ? w.consulting : w.threeWay;
  const ending = contact.state === "wrap_up" && contact.wrap_up_ends_at !== null;
  const time = ending ? duration(secondsLeft(contact.wrap_up_ends_at ?? now, now) * 1000) : duration(talkTime(contact, now));
  const caller = contact.caller || (contact.channel === "browser" ? w.browserCaller : w.hiddenNumber);
  return (
    <div className="call-head">
      <Tag tone={contact.state === "held" || contact.state === "wrap_up" ? "amber" : "accent"} dot>
        {state}
      </Tag>
      <span className="call-head__timer tabular" role="timer">
        {time}
      </span>
      <div className="call-head__who">
        <p>
          <b>{caller}</b>
          {contact.state === "wrap_up" && <span>{w.talked(duration(talkTime(contact, now)))}</span>}
        </p>
        <p className="quiet">
          {matter}・{w.waitedFor(duration(waited(contact, now)))}
          {phone ? <PhoneNote phone={phone} /> : <LineNote />}
        </p>
      </div>
      {(contact.state === "connected" || contact.state === "held") && contact.channel !== "message" && !contact.sealed && (
        <RecordingSwitch contact={contact} mine={consult === null || (consult.mine && consult.state === "conference")} />
      )}
    </div>
  );
}

function LineNote() {
  const { w } = useWords();
  const phase = useLine((line) => line.phase);
  const words = { joining: w.lineJoining, rejoining: w.lineRejoining, failed: w.lineFailed, no_microphone: w.lineNoMicrophone, none: "", live: "" }[phase];
  return words ? <span className="call-head__line">・{words}</span> : null;
}

function PhoneNote({ phone }: { phone: Phone }) {
  const { p } = usePhoneWords();
  return (
    <span className="call-head__line" role="status">
      ・{p.state[phone.state]}
    </span>
  );
}
