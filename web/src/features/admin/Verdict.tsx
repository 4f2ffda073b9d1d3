import { useNavigate } from "react-router";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Problem } from "@/components/Parts";
import type { useCheck } from "@/hooks/useAdmin";
import { explain, Refused } from "@/lib/api";
import { useAdminWords } from "./useAdminWords";

/** What the server's checks say of the draft: fine, think twice, or where it is wrong. */
export function Verdict({ check, onGo }: { check: ReturnType<typeof useCheck>; onGo: () => void }) {
  const { a, pick } = useAdminWords();
  const navigate = useNavigate();
  if (check.isPending) return <p className="quiet">{a.checking}</p>;
  if (check.error instanceof Refused && check.error.detail.field) {
    const { field, expected } = check.error.detail;
    const section = field.split(".")[1] ?? "queues";
    const go = () => {
      onGo();
      void navigate(`/admin/${section}`);
    };
    return (
      <div className="notice notice--red" role="alert">
        <span>
          {a.wrongAt(field.replace(/^config\./, ""))} {expected && pick(expected)}
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
