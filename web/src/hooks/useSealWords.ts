import { usePrefs } from "@/lib/prefs";
import { SEAL_WORDS, type SealWords } from "@/lib/words/seal";

export const useSealWords = (): SealWords => SEAL_WORDS[usePrefs((prefs) => prefs.lang)];
