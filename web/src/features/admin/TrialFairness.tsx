import { shown } from "@/lib/admin/trial";
import type { TrialResult } from "@/lib/contract";
import { useAdminWords } from "./useAdminWords";

/** Whether the candidate keeps the fairness contract; nothing for a trial of before there was one. */
export function TrialFairness({ result: { candidate, fair_from = null } }: { result: TrialResult }) {
  const { a, lang } = useAdminWords();
  const { jain } = candidate.total;
  if (jain === null || fair_from === null) return null;
  const bound = shown("jain", fair_from, lang);
  if (jain >= fair_from) return <p className="quiet">{a.fair(bound)}</p>;
  return (
    <p className="notice notice--amber" role="status">
      {a.unfair(bound)}
    </p>
  );
}
