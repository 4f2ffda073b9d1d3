/** Why this agent was chosen, from the trace of a decision. Pure. */
import type { Decision } from "@/lib/contract";

export interface Weighed {
  id: string;
  /** This agent's value of the feature, the mean of the others, and the feature's part of the score: whole percent. */
  mine: number;
  others: number | null;
  share: number;
}

const percent = (part: number, whole: number): number => (whole > 0 ? Math.round((100 * part) / whole) : 0);

/** What was weighed for the reader, heaviest first; nothing where the trace shows no figures of his. */
export function weighed({ scores, weights }: Decision): Weighed[] {
  const me = scores.find((each) => each.me);
  const others = scores.filter((each) => !each.me);
  const whole = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (!me) return [];
  return Object.entries(me.features)
    .map(([id, value]) => ({
      id,
      mine: percent(value, 1000),
      others: others.length > 0 ? percent(others.reduce((sum, each) => sum + (each.features[id] ?? 0), 0) / others.length, 1000) : null,
      share: percent(weights[id] ?? 0, whole),
    }))
    .toSorted((one, other) => other.share - one.share);
}

/** 1 for the highest score of those who could; null where the trace does not show the reader's. */
export function rank({ scores }: Decision): number | null {
  const at = scores.findIndex((each) => each.me);
  return at < 0 ? null : at + 1;
}

/** How many could not have the contact, for each reason: most frequent first. */
export function refusals({ refused }: Decision): { why: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { why } of refused) counts.set(why, (counts.get(why) ?? 0) + 1);
  return [...counts].map(([why, count]) => ({ why, count })).toSorted((one, other) => other.count - one.count);
}

/** `fiber>=3|vip>=1` in words: `name` knows the skills. */
export function gap(why: string, name: (skill: string) => string, words: { atLeast: (name: string, level: string) => string; or: string; another: string }): string {
  if (why === "asked_for_another") return words.another;
  return why
    .split("|")
    .map((part) => {
      const [skill = part, level = ""] = part.split(">=");
      return words.atLeast(name(skill), level);
    })
    .join(words.or);
}
