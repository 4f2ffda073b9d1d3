/** The configuration under an administrator's hands. Lives in this tab until it is published or thrown away. */
import { create } from "zustand";
import { merge } from "@/lib/admin/merge";
import type { AdminConfig, Bilingual, ConfigData } from "@/lib/contract";

export interface Wrong {
  /** As the server names it, without `config.`: `queues.0.policy.weights.idle`. */
  path: string;
  expected: Bilingual;
}

export interface Draft {
  /** What the draft was made from; null until it is read. */
  base: AdminConfig | null;
  config: ConfigData | null;
  wrong: Wrong | null;
  /** Which entry of each list is open in its editor. */
  open: Record<string, number>;
  /** Whose draft it is: it outlives the end of a session, but only for the same person. */
  owner: string;
}

const NOTHING: Draft = { base: null, config: null, wrong: null, open: {}, owner: "" };
export const useDraft = create<Draft>()(() => NOTHING);

/** Another person at this tab begins with nothing. */
export function claimDraft(person: string): void {
  if (useDraft.getState().owner !== person) useDraft.setState({ ...NOTHING, owner: person });
}

/** A newer version comes in only while nothing was changed: what somebody typed is not taken from under the hands. */
export function heardConfig(now: AdminConfig): void {
  const { base, config } = useDraft.getState();
  if (base && config && isChanged(base.config, config)) return;
  useDraft.setState({ base: now, config: now.config, wrong: null });
}

/** Begin again from `now`, with nothing changed. */
export const startFrom = (now: AdminConfig): void => useDraft.setState({ base: now, config: now.config, wrong: null });

/** Go on with what was typed, on top of a version that somebody else published. */
export function rebase(now: AdminConfig): void {
  const { base, config } = useDraft.getState();
  useDraft.setState({ base: now, config: base && config ? merge(base.config, config, now.config) : now.config });
}

export function edit(change: Partial<ConfigData>): void {
  const { config } = useDraft.getState();
  if (config) useDraft.setState({ config: { ...config, ...change }, wrong: null });
}

type Lists = "queues" | "matters" | "skills" | "reasons" | "wrap_up_codes" | "calendars" | "numbers";

/** One entry of a list with new values. */
export function editEntry<L extends Lists>(list: L, at: number, change: Partial<ConfigData[L][number]>): void {
  const { config } = useDraft.getState();
  if (!config) return;
  const entries = config[list].map((each, n) => (n === at ? { ...each, ...change } : each));
  edit({ [list]: entries });
}

export function addEntry<L extends Lists>(list: L, entry: ConfigData[L][number]): void {
  const { config } = useDraft.getState();
  if (config) edit({ [list]: [...config[list], entry] });
}

export function removeEntry(list: Lists, at: number): void {
  const { config } = useDraft.getState();
  if (config) edit({ [list]: config[list].filter((_, n) => n !== at) });
}

export const isChanged = (before: ConfigData, after: ConfigData): boolean => before !== after && JSON.stringify(before) !== JSON.stringify(after);

/** Marks a place as wrong and opens the entry it stands in. */
export function showWrong(field: string, expected: Bilingual): void {
  const path = field.replace(/^config\./, "");
  const [list, entry] = path.split(".");
  if (list && entry !== undefined) openEntry(list, Number(entry));
  useDraft.setState({ wrong: { path, expected } });
}

export const openEntry = (list: string, at: number): void => useDraft.setState({ open: { ...useDraft.getState().open, [list]: at } });

/** A name that no entry of the list has yet: `queue_2`. */
export function freshId(stem: string, taken: { id: string }[]): string {
  for (let n = taken.length + 1; ; n += 1) {
    const id = `${stem}_${n}`;
    if (!taken.some((each) => each.id === id)) return id;
  }
}
