import { openEntry, useDraft } from "@/lib/admin/draft";

/** Which entry of a list is open; never beyond its end. */
export function useChosen(list: string, length: number): [at: number, choose: (at: number) => void] {
  const at = useDraft((draft) => draft.open[list] ?? 0);
  return [Math.min(at, Math.max(0, length - 1)), (to) => openEntry(list, to)];
}
