import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Problem } from "@/components/Parts";
import { useBlock } from "@/hooks/useAdmin";
import { shortIndex } from "@/lib/admin/diff";
import { explain, Refused } from "@/lib/api";
import type { AdminConfig } from "@/lib/contract";
import { useAdminWords } from "./useAdminWords";
import { useMayWrite } from "./useMayWrite";

/** Callers, as the server bounds them. */
const MOST_REFUSED = 500;

/** Who is refused: the list knows codes alone, so whoever is taken again is named by the number. In force at once. */
export function RefusedCallers({ base }: { base: AdminConfig }) {
  const { a } = useAdminWords();
  const mayWrite = useMayWrite();
  const { blocked } = base.config;
  return (
    <section className="part" aria-labelledby="refused-title">
      <h2 id="refused-title">
        {a.office.refused} <span className="quiet tabular">{a.office.refusedCount(blocked.length, MOST_REFUSED)}</span>
      </h2>
      <p className="quiet">{a.office.refusedHint}</p>
      {mayWrite && <RefuseForm base={base} />}
      {blocked.length === 0 && <p className="quiet">{a.office.refusedNone}</p>}
      <ul className="codes tabular" aria-labelledby="refused-title">
        {blocked.map((index) => (
          <li key={index}>{shortIndex(index)}</li>
        ))}
      </ul>
    </section>
  );
}

function RefuseForm({ base }: { base: AdminConfig }) {
  const { a, pick } = useAdminWords();
  const o = a.office;
  const [number, setNumber] = useState("");
  const [note, setNote] = useState("");
  const [said, say] = useState("");
  const block = useBlock();
  const id = useId();
  const wrong = block.error instanceof Refused && block.error.detail.field === "number";
  const send = (what: "block" | "admit") => {
    say("");
    const before = base.config.blocked;
    block.mutate(
      { version: base.publication.version, number, what, note },
      {
        onSuccess: ({ config: { blocked } }) => {
          const moved = what === "block" ? blocked.find((each) => !before.includes(each)) : before.find((each) => !blocked.includes(each));
          const already = what === "block" ? o.refusedAlready : o.admittedAlready;
          const done = what === "block" ? o.wasRefused : o.wasAdmitted;
          say(moved ? done(shortIndex(moved)) : already);
          setNumber("");
          setNote("");
        },
      },
    );
  };
  return (
    <form
      className="refuse"
      onSubmit={(event) => {
        event.preventDefault();
        send("block");
      }}
    >
      <div className="field" data-wrong={wrong}>
        <label htmlFor={id}>{o.caller}</label>
        <input id={id} className="input tabular" type="tel" autoComplete="off" maxLength={24} required aria-invalid={wrong} aria-describedby={`${id}-hint`} value={number} onChange={(event) => setNumber(event.target.value)} />
        <span className={wrong ? "wrong" : "field__hint"} id={`${id}-hint`} role={wrong ? "alert" : undefined}>
          {wrong ? o.callerWrong : o.callerHint}
        </span>
      </div>
      <div className="field">
        <label htmlFor={`${id}-note`}>{o.reason}</label>
        <input id={`${id}-note`} className="input" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
      <div className="refuse__acts">
        <Button type="submit" look="primary" disabled={number === "" || block.isPending}>
          {block.isPending ? o.sending : o.refuse}
        </Button>
        <Button disabled={number === "" || block.isPending} onClick={() => send("admit")}>
          {o.admit}
        </Button>
      </div>
      <p className="refuse__said" role="status">
        {said}
      </p>
      {block.error && !wrong && <Problem>{pick(explain(block.error))}</Problem>}
    </form>
  );
}
