import type { Bilingual, Lang } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import { ADMIN_WORDS, type AdminWords } from "@/lib/words/admin";

export function useAdminWords(): { a: AdminWords; lang: Lang; pick: (text: Bilingual) => string } {
  const lang = usePrefs((prefs) => prefs.lang);
  return { a: ADMIN_WORDS[lang], lang, pick: (text) => text[lang] };
}
