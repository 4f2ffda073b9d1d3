import { useState } from "react";
import { Skeleton, Tag } from "@/components/Parts";
import { useVersions } from "@/hooks/useAdmin";
import { serverNow } from "@/lib/clock";
import type { AdminConfig, Publication } from "@/lib/contract";
import { shortDate } from "@/lib/format";
import { useAdminWords } from "./useAdminWords";
import { VersionDetail } from "./VersionDetail";

/** Every version that was in force, what it changed, and the way back to it. */
export function VersionsSection({ base }: { base: AdminConfig }) {
  const { a } = useAdminWords();
  const versions = useVersions();
  const [chosen, choose] = useState<number | null>(null);
  if (!versions) return <Skeleton lines={6} label={a.loading} />;
  const at = versions.find((each) => each.version === chosen) ?? versions[0];
  return (
    <div className="two">
      <div className="two__list">
        <ul aria-label={a.sections.versions}>
          {versions.map((each) => (
            <li key={each.version}>
              <button type="button" className="item" aria-current={each === at} onClick={() => choose(each.version)}>
                <Entry version={each} current={each.version === base.publication.version} />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="two__one">{at && <VersionDetail key={at.version} version={at} base={base} />}</div>
    </div>
  );
}

function Entry({ version, current }: { version: Publication; current: boolean }) {
  const { a } = useAdminWords();
  return (
    <>
      <span className="item__top">
        <span className="item__title">{a.versionTitle(version.version)}</span>
        {current && <Tag tone="accent">{a.current}</Tag>}
      </span>
      <span className="item__line">{version.note || (version.restored > 0 ? a.restoredFrom(version.restored) : a.noNote)}</span>
      <span className="item__line tabular">
        {version.who ?? a.deployment}・{shortDate(version.at, serverNow())}
      </span>
    </>
  );
}
