import { useNavigate } from "react-router";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem } from "@/components/Parts";
import type { useCheck } from "@/hooks/useAdmin";
import { explain, Refused } from "@/lib/api";
import { useDraft } from "@/lib/admin/draft";
import { useAdminWords } from "./useAdminWords";

/** Sections that have another name than the list they edit. */
const SECTION_OF: Record<string, string> = { calendars: "hours", blocked: "numbers", monitoring_notice: "agents" };
const NAMED = ["queues", "matters", "skills", "calendars", "numbers"] as const;
const isNamed = (list: string): list is (typeof NAMED)[number] => NAMED.some((each) => each === list);

/** What the server's checks say of the draft: fine, think twice, or where it is wrong. */
export function Verdict({ check, onGo }: { check: ReturnType<typeof useCheck>; onGo: () => void }) {
  const { a, pick } = useAdminWords();
  const navigate = useNavigate();
  const config = useDraft((draft) => draft.config);
  const place = (list: string, at: number) => {
    const found = config && isNamed(list) ? config[list][at] : undefined;
    return found && `${a.lists[list] ?? list} ${pick(found) || a.newName}`;
  };
  if (check.isPending) return <p className="quiet">{a.checking}</p>;
  if (check.error instanceof Refused && check.error.detail.field) {
    const { field, expected } = check.error.detail;
    const [, list = "", entry = ""] = field.split(".");
    const go = () => {
      onGo();
      void navigate(`/admin/${SECTION_OF[list] ?? list}`);
    };
    return (
      <div className="notice notice--red" role="alert">
        <span>
          {a.wrongAt(place(list, Number(entry)) ?? field.replace(/^config\./, ""))} {expected && pick(expected)}
        </span>
        <Button size="small" onClick={go}>
          {a.goThere}
        </Button>
      </div>
    );
  }
  if (check.error) return <Problem>{pick(explain(check.error))}</Problem>;
  const warnings = check.data?.warnings ?? [];
  if (warnings.length === 0) {
    return (
      <p className="fine">
        <Icon name="check" /> {a.checkedFine}
      </p>
    );
  }
  return (
    <div className="notice notice--amber">
      <div>
        <b>{a.giveThought}</b>
        <ul>
          {warnings.map((warning) => (
            <li key={warning.en}>{pick(warning)}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}
