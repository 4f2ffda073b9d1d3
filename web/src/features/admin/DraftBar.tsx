import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { startFrom } from "@/lib/admin/draft";
import type { AdminConfig } from "@/lib/contract";
import { PublishPanel } from "./PublishPanel";
import { useAdminWords } from "./useAdminWords";
import { useDraftChanges } from "./useChanges";
import { useMayWrite } from "./useMayWrite";

/** Says whether something is unpublished, and leads to publishing it or throwing it away. */
export function DraftBar({ base }: { base: AdminConfig }) {
  const { a } = useAdminWords();
  const mayWrite = useMayWrite();
  const changes = useDraftChanges(base);
  const [open, setOpen] = useState<"" | "publish" | "discard">("");
  const dirty = changes.length > 0;
  useGuard(dirty);
  if (!mayWrite) return <p className="draft-bar quiet">{a.readOnly}</p>;
  return (
    <>
      <div className="draft-bar" data-dirty={dirty}>
        <span role="status">{dirty ? a.changedCount(changes.length) : a.unchanged}</span>
        {dirty && open !== "discard" && (
          <Button look="quiet" onClick={() => setOpen("discard")}>
            {a.discard}
          </Button>
        )}
        {dirty && open === "discard" && (
          <>
            <span>{a.discardSure}</span>
            <Button
              onClick={() => {
                startFrom(base);
                setOpen("");
              }}
            >
              {a.discard}
            </Button>
            <Button look="quiet" onClick={() => setOpen("")}>
              {a.keep}
            </Button>
          </>
        )}
        <Button look="primary" disabled={!dirty} aria-expanded={open === "publish"} onClick={() => setOpen(open === "publish" ? "" : "publish")}>
          {a.review}
        </Button>
      </div>
      {open === "publish" && <PublishPanel base={base} changes={changes} onClose={() => setOpen("")} />}
    </>
  );
}

/** The browser asks before it throws away what was typed. */
function useGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
}
