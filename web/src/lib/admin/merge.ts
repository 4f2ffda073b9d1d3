/** Two people changed the same thing: each keeps what only he changed; where both did, the second one's stands. Pure. */

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain => typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is (Plain & { id: string })[] => Array.isArray(value) && value.every((each) => isPlain(each) && typeof each["id"] === "string");
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `mine` on top of `theirs`, both made from `old`. Entries with an id are told apart by it, other lists are one thing. */
export function merge<T>(old: T, mine: T, theirs: T): T {
  if (same(mine, old)) return theirs;
  if (same(theirs, old)) return mine;
  if (isList(old) && isList(mine) && isList(theirs)) return mergeLists(old, mine, theirs) as T;
  if (isPlain(old) && isPlain(mine) && isPlain(theirs)) return mergeObjects(old, mine, theirs) as T;
  return mine;
}

function mergeObjects(old: Plain, mine: Plain, theirs: Plain): Plain {
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  const merged = [...names].map((name) => [name, merge(old[name], mine[name], theirs[name])] as const);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

function mergeLists(old: (Plain & { id: string })[], mine: (Plain & { id: string })[], theirs: (Plain & { id: string })[]): Plain[] {
  const of = (list: (Plain & { id: string })[], id: string) => list.find((each) => each.id === id);
  const ids = new Set([...theirs, ...mine].map((each) => each.id));
  return [...ids].flatMap((id) => {
    const [before, here, there] = [of(old, id), of(mine, id), of(theirs, id)];
    // Who removed an entry that the other left as it was has removed it; who changed it keeps it.
    if (!here) return before && same(before, there) ? [] : there ? [there] : [];
    if (!there) return before && same(before, here) ? [] : [here];
    return [before ? merge(before, here, there) : here];
  });
}
