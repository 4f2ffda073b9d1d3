import { changes, type Change } from "@/lib/admin/diff";
import { useDraft } from "@/lib/admin/draft";
import type { AdminConfig, ConfigData } from "@/lib/contract";
import { useWatchWords } from "@/hooks/useWatchWords";
import { useAdminWords } from "./useAdminWords";

/** What differs between two configurations, in the words chosen. */
export function useDiff(base: AdminConfig): (before: ConfigData, after: ConfigData) => Change[] {
  const { a, lang } = useAdminWords();
  const notice = useWatchWords().v.notices;
  return (before, after) => {
    const builtIn: Record<string, string> = { ...a.languages, subject: a.columnSubject.replace(" ≥", "") };
    const skill = (id: string) => builtIn[id] ?? [...after.skills, ...before.skills].find((each) => each.id === id)?.[lang] ?? id;
    const words = { need: a.need, attribute: a.attribute, step: a.step, stepSays: a.stepSays, weight: a.weightOf, nothing: a.noValue, notice, office: a.office, yes: a.yes, no: a.no };
    return changes(before, after, { lang, words, defaults: base.defaults, features: base.features, skill });
  };
}

/** The changes of the draft against what it was made from. */
export function useDraftChanges(base: AdminConfig): Change[] {
  const diff = useDiff(base);
  const config = useDraft((draft) => draft.config);
  return config && config !== base.config ? diff(base.config, config) : [];
}
