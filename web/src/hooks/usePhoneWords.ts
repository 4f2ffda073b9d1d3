import type { Bilingual } from "@/lib/contract";
import { usePrefs } from "@/lib/prefs";
import { PHONE_WORDS, type PhoneWords } from "@/lib/words/phone";

export function usePhoneWords(): { p: PhoneWords; pick: (text: Bilingual) => string } {
  const lang = usePrefs((prefs) => prefs.lang);
  return { p: PHONE_WORDS[lang], pick: (text) => text[lang] };
}
