import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem } from "@/components/Parts";
import { useCheck, usePublish } from "@/hooks/useAdmin";
import { explain, Refused } from "@/lib/api";
import type { Change } from "@/lib/admin/diff";
import { useDraft } from "@/lib/admin/draft";
import type { AdminConfig } from "@/lib/contract";
import { ChangeList } from "./ChangeList";
import { Conflict } from "./Conflict";
import { Verdict } from "./Verdict";
import { useAdminWords } from "./useAdminWords";

interface Props {
  base: AdminConfig;
  changes: Change[];
  onClose: () => void;
}

/** All changes once more, what the server thinks of them, a note, and the button that makes them hold. */
export function PublishPanel({ base, changes, onClose }: Props) {
  const { a, pick } = useAdminWords();
  const config = useDraft((draft) => draft.config);
  const [note, setNote] = useState("");
  const check = useCheck();
  const publish = usePublish();
  const title = useRef<HTMLHeadingElement>(null);
  const { version } = base.publication;
  const ask = check.mutate;
  useEffect(() => {
    if (config) ask({ version, config });
  }, [config, version, ask]);
  useEffect(() => title.current?.focus(), []);
  if (!config) return null;
  const refused = publish.error instanceof Refused ? publish.error : null;
  const send = () => publish.mutate({ version, config, note }, { onSuccess: onClose });
  return (
    <section className="publish" aria-labelledby="publish-title" onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header className="entry-head">
        <h2 id="publish-title" ref={title} tabIndex={-1}>
          {a.publishTitle}
        </h2>
        <button type="button" className="icon-button" aria-label={a.close} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      <p className="quiet">{a.publishHint}</p>
      <ChangeList changes={changes} />
      <Verdict check={check} onGo={onClose} />
      {refused?.detail.published && <Conflict by={refused.detail.published} onDone={publish.reset} onDropped={onClose} />}
      {publish.isError && !refused?.detail.published && !refused?.detail.field && <Problem>{pick(explain(publish.error))}</Problem>}
      <div className="publish__foot">
        <input className="input" aria-label={a.note} placeholder={a.notePlaceholder} maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
        <Button look="primary" disabled={check.isPending || check.isError || publish.isPending || changes.length === 0} onClick={send}>
          {publish.isPending ? a.publishing : a.publish}
        </Button>
      </div>
    </section>
  );
}
