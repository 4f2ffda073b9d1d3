import type { Bilingual, Lang } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import { en } from "@/lib/words/en";
import { zh, type Words } from "@/lib/words/zh";

/** The words in the language chosen, and how to pick from a text the server gave in both. */
export function useWords(): { w: Words; lang: Lang; pick: (text: Bilingual) => string } {
  const lang = usePrefs((prefs) => prefs.lang);
  return { w: lang === "zh" ? zh : en, lang, pick: (text) => text[lang] };
}
