import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { useDraft } from "@/lib/admin/draft";
import { TextField } from "./Fields";
import { useAdminWords } from "./useAdminWords";

interface Props {
  list: "queues" | "matters" | "calendars";
  at: number;
  entry: { id: string; zh: string; en: string };
  onChange: (change: Partial<{ id: string; zh: string; en: string }>) => void;
  onRemove: () => void;
  /** Why it cannot be removed. */
  locked?: string;
  /** What is said of it beside its name. */
  beside?: ReactNode;
  children?: ReactNode;
}

/** Names and id of an entry. An id that was published stays: contacts and agents go by it. */
export function EntryHead({ list, at, entry, onChange, onRemove, locked = "", beside, children }: Props) {
  const { a, pick } = useAdminWords();
  const published = useDraft((draft) => draft.base?.config[list].some((each) => each.id === entry.id) ?? false);
  const only = useDraft((draft) => list !== "calendars" && (draft.config?.[list].length ?? 0) < 2);
  const path = `${list}.${at}`;
  return (
    <>
      <header className="entry-head">
        <h2>{pick(entry) || a.newName}</h2>
        {beside}
        <Button size="small" look="quiet" disabled={only || locked !== ""} title={locked || undefined} onClick={onRemove}>
          {a.remove}
        </Button>
      </header>
      <div className="fields">
        <TextField label={a.nameZh} path={`${path}.zh`} value={entry.zh} onChange={(zh) => onChange({ zh })} />
        <TextField label={a.nameEn} path={`${path}.en`} value={entry.en} onChange={(en) => onChange({ en })} />
        <TextField label={a.id} path={`${path}.id`} {...(!published && { hint: a.idHint })} value={entry.id} maxLength={32} readOnly={published} onChange={(id) => onChange({ id })} />
        {children}
      </div>
    </>
  );
}
