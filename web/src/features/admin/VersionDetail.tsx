import { useState } from "react";
import { Button } from "@/components/Button";
import { Problem, Skeleton, Tag } from "@/components/Parts";
import { Segmented } from "@/components/Segmented";
import { useRestore, useVersion } from "@/hooks/useAdmin";
import { explain } from "@/lib/api";
import type { AdminConfig, Publication } from "@/lib/contract";
import { ChangeList } from "./ChangeList";
import { useAdminWords } from "./useAdminWords";
import { useDiff, useDraftChanges } from "./useChanges";
import { useMayWrite } from "./useMayWrite";

type Against = "before" | "current";

/** One version: what it changed, or how it differs from now; and how to have it again. */
export function VersionDetail({ version, base }: { version: Publication; base: AdminConfig }) {
  const { a } = useAdminWords();
  const isCurrent = version.version === base.publication.version;
  const [against, setAgainst] = useState<Against>("before");
  const diff = useDiff(base);
  const mine = useVersion(version.version)?.config;
  const before = useVersion(version.version > 1 ? version.version - 1 : null)?.config;
  const options = [
    { value: "before" as const, label: a.againstBefore },
    { value: "current" as const, label: a.againstCurrent },
  ];
  const pair = against === "current" ? [base.config, mine] : [before ?? (version.version === 1 ? mine : undefined), mine];
  const [was, is] = pair;
  return (
    <>
      <header className="entry-head">
        <h2>{a.versionTitle(version.version)}</h2>
        {version.restored > 0 && <Tag>{a.restoredFrom(version.restored)}</Tag>}
      </header>
      {version.note && <p className="note">{version.note}</p>}
      {!isCurrent && <Segmented name="against" label={a.difference} value={against} options={options} onChange={setAgainst} />}
      {was && is ? <ChangeList changes={diff(was, is)} /> : <Skeleton label={a.loading} />}
      {!isCurrent && <Restore version={version.version} base={base} />}
    </>
  );
}

function Restore({ version, base }: { version: number; base: AdminConfig }) {
  const { a, pick } = useAdminWords();
  const mayWrite = useMayWrite();
  const restore = useRestore();
  const dirty = useDraftChanges(base).length > 0;
  if (!mayWrite) return null;
  return (
    <div className="block">
      <Button disabled={dirty || restore.isPending} onClick={() => restore.mutate({ n: version, version: base.publication.version, note: "" })}>
        {restore.isPending ? a.restoring : a.restore}
      </Button>{" "}
      <span className="quiet">{dirty ? a.draftFirst : a.restoreHint(version)}</span>
      {restore.error && <Problem>{pick(explain(restore.error))}</Problem>}
    </div>
  );
}
