import { useState, type ReactNode } from "react";
import { Button } from "@/components/Button";
import { CountRing } from "@/components/CountRing";
import { Icon, type IconName } from "@/components/Icon";
import { useNow } from "@/hooks/useNow";
import { useWords } from "@/hooks/useWords";
import type { Consult, Contact } from "@/lib/contract";
import { secondsLeft } from "@/lib/format";

interface Props {
  contact: Contact;
  consult: Consult;
  /** Nothing is pressed twice while a command is on its way. */
  busy: boolean;
  /** Only what this moment allows is there. */
  acts: Partial<Record<"complete" | "conference" | "cancel", () => void>>;
}

/** The colleague beside the agent: who is with whom, who hears the customer, and what comes next. For both sides. */
export function ConsultStrip(props: Props) {
  const { w } = useWords();
  const { consult, contact } = props;
  const { name } = consult.other;
  if (!consult.mine) {
    const [title, note] = consult.state === "conference" ? [w.threeOf(name), w.threeGuest(name)] : [w.apartGuest(name), w.apartGuestNote(name)];
    return <Strip icon="people" title={title} note={note} />;
  }
  if (consult.state === "asked") return <Asked {...props} />;
  if (consult.state === "talking") {
    return (
      <Strip icon="people" title={w.apartWith(name)} note={w.apartNote}>
        <Act look="primary" icon="swap" {...props} act="complete">{w.completeTo(name)}</Act>
        <Act icon="people" {...props} act="conference">{w.conferenceWith}</Act>
        <Act {...props} act="cancel">{w.endConsult}</Act>
      </Strip>
    );
  }
  return (
    <Strip icon="people" title={w.threeOf(name)} note={contact.state === "held" ? w.threeHeld : w.threeMine}>
      <Act look="primary" icon="swap" {...props} act="complete">{w.completeTo(name)}</Act>
      <Act {...props} act="cancel">{w.letGo(name)}</Act>
    </Strip>
  );
}

function Asked(props: Props) {
  const { w } = useWords();
  const now = useNow();
  const { until, other } = props.consult;
  const left = secondsLeft(until ?? now, now);
  const [whole] = useState(left);
  return (
    <Strip title={w.asking(other.name)} note={w.askingNote} ring={<CountRing left={left} whole={whole} size={36} />}>
      <Act {...props} act="cancel">{w.cancelConsult}</Act>
    </Strip>
  );
}

interface ActProps extends Props {
  act: keyof Props["acts"];
  look?: "primary" | "plain";
  icon?: IconName;
  children: string;
}

function Act({ act, acts, busy, look = "plain", icon, children }: ActProps) {
  if (!acts[act]) return null;
  return (
    <Button look={look} disabled={busy} onClick={acts[act]} {...(icon && { icon })}>
      {children}
    </Button>
  );
}

interface StripProps {
  title: string;
  note: string;
  icon?: IconName;
  ring?: ReactNode;
  amber?: boolean;
  children?: ReactNode;
}

/** One line below the call bar: what is the case, what it means for the customer, what may be done. */
export function Strip({ title, note, icon, ring, amber = false, children }: StripProps) {
  return (
    <section className="consult" data-tone={amber ? "amber" : "accent"} aria-label={title}>
      {ring ?? (icon && <Icon name={icon} size={20} />)}
      <p className="consult__text">
        <b role="status">{title}</b>
        <span>{note}</span>
      </p>
      {children && <div className="consult__acts">{children}</div>}
    </section>
  );
}
