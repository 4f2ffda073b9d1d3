/** What a contact asks of an agent, as the page edits it: groups that must all hold, in each of which one part is enough. Pure. */

export interface Atom {
  skill: string;
  at_least: number;
}
export type Need = Atom | { all: Need[] } | { any: Need[] };
export type Groups = Atom[][];

const isAtom = (need: Need): need is Atom => "skill" in need;

/** Null for a need that is nested deeper than the page can edit; the API takes such ones too. */
export function groupsOf(need: Need): Groups | null {
  if (isAtom(need)) return [[need]];
  if ("any" in need) return need.any.every(isAtom) ? [need.any] : null;
  const found: Groups = [];
  for (const part of need.all) {
    const groups = groupsOf(part);
    if (groups === null) return null;
    found.push(...groups);
  }
  return found;
}

/** The same need whatever way the groups came about: one alone stands for itself. */
export function needOf(groups: Groups): Need {
  const parts = groups.filter((group) => group.length > 0).map((group): Need => (group.length === 1 && group[0] ? group[0] : { any: group }));
  return parts.length === 1 && parts[0] ? parts[0] : { all: parts };
}

export interface NeedWords {
  nothing: string;
  and: string;
  or: string;
  atLeast: (name: string, level: number) => string;
}

/** `Fibre faults ≥ 3 and (Retention ≥ 1 or Senior ≥ 2)`; `name` turns ids of skills into words. */
export function sentence(need: Need, name: (skill: string) => string, words: NeedWords): string {
  const tell = (each: Need, inside: boolean): string => {
    if (isAtom(each)) return words.atLeast(name(each.skill), each.at_least);
    const parts = "all" in each ? each.all : each.any;
    const [first] = parts;
    if (!first) return words.nothing;
    if (parts.length === 1) return tell(first, inside);
    const joined = parts.map((part) => tell(part, true)).join("all" in each ? words.and : words.or);
    return inside ? `(${joined})` : joined;
  };
  return tell(need, false);
}

/** The skills that a need looks at. */
export const skillsIn = (need: Need): string[] => (isAtom(need) ? [need.skill] : ("all" in need ? need.all : need.any).flatMap(skillsIn));
