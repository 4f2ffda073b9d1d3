import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@/components/Button";
import { api, take } from "@/lib/api";
import { rebase, startFrom } from "@/lib/admin/draft";
import type { AdminConfig, Publication } from "@/lib/contract";
import { useAdminWords } from "./useAdminWords";

/** Somebody else was faster: who, and what can be done with what was typed here. */
export function Conflict({ by, onDone, onDropped }: { by: Publication; onDone: () => void; onDropped: () => void }) {
  const { a } = useAdminWords();
  const cache = useQueryClient();
  const read = async (): Promise<AdminConfig> => {
    const now = await take(api.GET("/api/admin/config"));
    cache.setQueryData(["admin-config"], now);
    return now;
  };
  return (
    <div className="notice notice--amber" role="alert">
      <div>
        <b>{a.conflict(by.who ?? a.deployment, by.version)}</b>
        {by.note && <p>“{by.note}”</p>}
        <p className="quiet">{a.conflictHint}</p>
      </div>
      <Button onClick={() => void read().then(rebase).then(onDone)}>{a.rebase}</Button>
      <Button
        look="quiet"
        onClick={() =>
          void read()
            .then(startFrom)
            .then(onDropped)
        }
      >
        {a.startOver}
      </Button>
    </div>
  );
}
