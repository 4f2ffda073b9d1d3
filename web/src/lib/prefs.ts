/** What a person chose for this browser. Kept in the browser; holds nothing personal. */
import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Lang } from "@/lib/contract";
import { DEFAULT_KEYS, type KeyMap } from "@/lib/keys";

export type Theme = "system" | "light" | "dark";

export interface Prefs {
  lang: Lang;
  theme: Theme;
  ringMuted: boolean;
  notify: boolean;
  calm: boolean;
  keys: KeyMap;
  /** Whoever worked here last hears and speaks by phone. */
  byPhone: boolean;
}

export const usePrefs = create<Prefs>()(
  persist<Prefs>(() => ({ lang: "zh", theme: "system", ringMuted: false, notify: false, calm: false, keys: DEFAULT_KEYS, byPhone: false }), {
    name: "hearthline-prefs",
    merge: (kept, fresh) => ({ ...fresh, ...(kept as Partial<Prefs>), keys: { ...fresh.keys, ...(kept as Partial<Prefs> | undefined)?.keys } }),
  }),
);

export function setPrefs(change: Partial<Prefs>): void {
  usePrefs.setState(change);
}

/** Puts language, theme and motion on the document, now and at each change. */
export function wearPrefs(): void {
  const wear = ({ lang, theme, calm }: Prefs) => {
    const root = document.documentElement;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    root.dataset["theme"] = theme;
    root.dataset["calm"] = String(calm);
  };
  wear(usePrefs.getState());
  usePrefs.subscribe(wear);
}
