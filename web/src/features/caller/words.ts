import type { Lang } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import { CALLER_WORDS, type CallerWords } from "@/lib/words/caller";

export function useCallerWords(): { w: CallerWords; lang: Lang } {
  const lang = usePrefs((prefs) => prefs.lang);
  return { w: CALLER_WORDS[lang], lang };
}
