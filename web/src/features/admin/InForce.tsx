import { useDraft } from "@/lib/admin/draft";
import { serverNow } from "@/lib/clock";
import { shortDate } from "@/lib/format";
import { useAdminWords } from "./useAdminWords";

/** Which version holds at this moment, and whose it is. */
export function InForce() {
  const { a } = useAdminWords();
  const about = useDraft((draft) => draft.base?.publication);
  if (!about) return null;
  return (
    <span className="reading">
      <b>{a.inForce(about.version)}</b>
      {a.publishedBy(about.who ?? a.deployment, shortDate(about.at, serverNow()))}
    </span>
  );
}
