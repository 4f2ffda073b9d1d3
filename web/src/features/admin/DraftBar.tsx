import { useState } from "react";
import { Button } from "@/components/Button";
import { startFrom } from "@/lib/admin/draft";
import type { AdminConfig } from "@/lib/contract";
import { PublishPanel } from "./PublishPanel";
import { useAdminWords } from "./useAdminWords";
import { useDraftChanges } from "./useChanges";
import { useGuard } from "./useGuard";
import { useMayWrite } from "./useMayWrite";

const REVIEW = "review-changes";

/** Says whether something is unpublished, and leads to publishing it or throwing it away. */
export function DraftBar({ base }: { base: AdminConfig }) {
  const { a } = useAdminWords();
  const mayWrite = useMayWrite();
  const changes = useDraftChanges(base);
  const [open, setOpen] = useState<"" | "publish" | "discard">("");
  const dirty = changes.length > 0;
  useGuard(dirty);
  const close = () => {
    setOpen("");
    // The panel is gone: who came by keyboard goes on where he opened it.
    document.getElementById(REVIEW)?.focus();
  };
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
        <Button id={REVIEW} look="primary" disabled={!dirty} aria-expanded={open === "publish"} onClick={() => setOpen(open === "publish" ? "" : "publish")}>
          {a.review}
        </Button>
      </div>
      {open === "publish" && <PublishPanel base={base} changes={changes} onClose={close} />}
    </>
  );
}
