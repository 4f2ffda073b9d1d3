import { Tag } from "@/components/Parts";
import type { Change } from "@/lib/admin/diff";
import { useAdminWords } from "./useAdminWords";

/** Changes as people read them: what, where, from what to what. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const { a } = useAdminWords();
  if (changes.length === 0) return <p className="quiet">{a.noChanges}</p>;
  return (
    <ul className="changes">
      {changes.map((change, n) => (
        <li key={n} data-kind={change.kind}>
          <Tag tone={change.kind === "removed" ? "amber" : change.kind === "added" ? "accent" : "plain"}>{a.change[change.kind]}</Tag>
          <span className="changes__where">
            {a.lists[change.list]} <b>{change.name}</b>
            {change.what && <span>{change.what}</span>}
          </span>
          {change.kind === "changed" && (
            <span className="changes__what">
              <del>{change.before}</del>
              <span aria-hidden="true">→</span>
              <ins>{change.after}</ins>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
