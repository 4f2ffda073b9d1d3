import { useDraft } from "@/lib/admin/draft";
import { useAdminWords } from "./useAdminWords";

/** Names of the skills of the draft, with the languages and the level in the queue that every agent has. */
export function useSkills(): { options: { value: string; label: string }[]; name: (id: string) => string } {
  const { a, pick } = useAdminWords();
  const skills = useDraft((draft) => draft.config?.skills) ?? [];
  const options = [
    ...skills.map((each) => ({ value: each.id, label: pick(each) })),
    ...Object.entries(a.languages).map(([value, label]) => ({ value, label })),
    { value: "subject", label: a.columnSubject.replace(" ≥", "") },
  ];
  return { options, name: (id) => options.find((each) => each.value === id)?.label ?? id };
}
