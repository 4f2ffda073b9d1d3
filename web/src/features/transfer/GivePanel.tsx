import { useEffect, useRef, useState } from "react";
import { Button, Keys } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem, Skeleton } from "@/components/Parts";
import { setDesk, type Giving } from "@/hooks/useDesk";
import { useCommand, type Command } from "@/hooks/useFloor";
import { useSealWords } from "@/hooks/useSealWords";
import { useTargets } from "@/hooks/useTargets";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import type { Contact } from "@/lib/contract";
import { matching } from "@/lib/targets";
import { moveInRows } from "./moveInRows";
import { Colleagues, Queues } from "./TargetLists";

const close = () => setDesk({ giving: null });

/** Where the call goes on, or who is asked in: found by typing, done by Enter. Not modal; Escape gives the focus back. */
export function GivePanel({ contact, giving }: { contact: Contact; giving: Giving }) {
  const { w, pick } = useWords();
  const s = useSealWords();
  const [typed, setTyped] = useState("");
  const panel = useRef<HTMLElement>(null);
  const targets = useTargets(contact.id);
  const command = useCommand();
  const { refetch } = targets;
  useFocusInside(panel);
  // A refusal mostly means that the list was old.
  const act = (wish: Command) => command.mutate(wish, { onSuccess: close, onError: () => void refetch() });
  const found = targets.data && matching(targets.data, typed);
  const acts = { contact, busy: command.isPending, onAct: act };
  return (
    <section className="give" ref={panel} role="dialog" aria-label={w.giving[giving]} onKeyDown={(event) => (event.key === "Escape" ? close() : moveInRows(event))}>
      <header className="section-head">
        <h2>{w.giving[giving]}</h2>
        <span className="quiet give__hint">{contact.sealed ? s.alone : giving === "conference" ? w.conferenceHint : w.transferHint}</span>
        <Button className="section-head__end" look="quiet" size="small" icon="cross" aria-label={w.close} onClick={close} />
      </header>
      <label className="give__search">
        <Icon name="search" />
        <span className="hidden">{w.giveSearch}</span>
        <input className="input" type="search" autoComplete="off" data-search placeholder={w.giveSearch} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      {command.isError && <Problem>{pick(explain(command.error))}</Problem>}
      {targets.isError && <Problem>{pick(explain(targets.error))}</Problem>}
      {!found && !targets.isError && <Skeleton lines={4} label={w.loading} />}
      {found && (
        <div className="give__list">
          {giving === "transfer" && <Queues queues={found.queues} typed={typed} {...acts} />}
          <Colleagues agents={found.agents} typed={typed} only={giving === "conference"} {...acts} />
        </div>
      )}
      <footer className="give__keys quiet">
        <Keys of="↑ ↓" /> {w.giveMove} <Keys of="Enter" /> {w.giveChoose} <Keys of="Esc" /> {w.close}
      </footer>
    </section>
  );
}

/** The focus goes to the search box, and back to where it was. */
function useFocusInside(panel: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>("[data-search]")?.focus();
    return () => (before instanceof HTMLElement ? before.focus() : undefined);
  }, [panel]);
}
