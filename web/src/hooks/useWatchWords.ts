import type { Bilingual, Lang } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import { WATCH_WORDS, type WatchWords } from "@/lib/words/watch";

export function useWatchWords(): { v: WatchWords; lang: Lang; pick: (text: Bilingual) => string } {
  const lang = usePrefs((prefs) => prefs.lang);
  return { v: WATCH_WORDS[lang], lang, pick: (text) => text[lang] };
}
