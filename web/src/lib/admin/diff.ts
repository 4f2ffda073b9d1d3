/** What differs between two configurations, in sentences for people. Pure. */
import { sentence, type Need, type NeedWords } from "@/lib/admin/need";
import { readPolicy, type Open, type Policy } from "@/lib/admin/policy";
import type { Bilingual, ConfigData, Feature, Lang } from "@/lib/contract";

export interface Change {
  kind: "added" | "removed" | "changed";
  /** Which list it stands in, and the name of the entry there. */
  list: keyof ConfigData;
  name: string;
  /** What of the entry, empty for the whole of it. */
  what: string;
  before: string;
  after: string;
}

export interface DiffWords {
  need: NeedWords;
  attribute: Record<string, string>;
  step: (number: number) => string;
  stepSays: (step: { after: number; lang: number; subject: number; matter: boolean; need: string }) => string;
  weight: (feature: string) => string;
  nothing: string;
  yes: string;
  no: string;
}

export interface DiffContext {
  lang: Lang;
  words: DiffWords;
  defaults: Open;
  features: Feature[];
  skill: (id: string) => string;
}

type Named = Bilingual & { id: string };
type Facts = [what: string, value: string][];

/** Every change from `before` to `after`, in the order of the lists. */
export function changes(before: ConfigData, after: ConfigData, context: DiffContext): Change[] {
  const tell = facts(before, after, context);
  const company = compare("company", [{ id: "company", ...before.company }], [{ id: "company", ...after.company }], (each) => names(each, context), context);
  const lists = (["queues", "matters", "skills", "reasons", "wrap_up_codes"] as const).flatMap((list) => compare(list, before[list], after[list], tell[list] as (each: Named) => Facts, context));
  return [...company, ...lists];
}

function compare<T extends Named>(list: keyof ConfigData, before: T[], after: T[], tell: (each: T) => Facts, { lang, words }: DiffContext): Change[] {
  const found: Change[] = [];
  for (const each of before.filter((old) => !after.some((now) => now.id === old.id))) found.push({ kind: "removed", list, name: each[lang], what: "", before: "", after: "" });
  for (const each of after) {
    const old = before.find((one) => one.id === each.id);
    if (!old) {
      found.push({ kind: "added", list, name: each[lang], what: "", before: "", after: "" });
      continue;
    }
    const [was, is] = [new Map(tell(old)), new Map(tell(each))];
    for (const what of new Set([...was.keys(), ...is.keys()])) {
      const [one, other] = [was.get(what) ?? words.nothing, is.get(what) ?? words.nothing];
      if (one !== other) found.push({ kind: "changed", list, name: each[lang], what, before: one, after: other });
    }
  }
  return found;
}

const names = (each: Bilingual, { words }: DiffContext): Facts => [
  [words.attribute["zh"] ?? "zh", each.zh],
  [words.attribute["en"] ?? "en", each.en],
];

function facts(before: ConfigData, after: ConfigData, context: DiffContext) {
  const { words, lang, skill } = context;
  const label = (name: string) => words.attribute[name] ?? name;
  const queue = (id: string) => [...after.queues, ...before.queues].find((each) => each.id === id)?.[lang] ?? id;
  const need = (plain: Open) => sentence(plain as unknown as Need, skill, words.need);
  const solved = (value: boolean | null) => (value === null ? words.nothing : value ? words.yes : words.no);
  return {
    queues: (each: ConfigData["queues"][number]): Facts => [...names(each, context), [label("priority"), String(each.priority)], ...policyFacts(readPolicy(each.policy, context.defaults), context)],
    matters: (each: ConfigData["matters"][number]): Facts => [
      ...names(each, context),
      [label("hint_zh"), each.hint.zh],
      [label("hint_en"), each.hint.en],
      [label("key"), each.key],
      [label("queue"), queue(each.queue)],
      [label("difficulty"), String(each.difficulty)],
      [label("need"), need(each.need)],
    ],
    skills: (each: ConfigData["skills"][number]): Facts => names(each, context),
    reasons: (each: ConfigData["reasons"][number]): Facts => names(each, context),
    wrap_up_codes: (each: ConfigData["wrap_up_codes"][number]): Facts => [...names(each, context), [label("solved"), solved(each.solved)]],
  };
}

function policyFacts(policy: Policy, { words, features, lang, skill }: DiffContext): Facts {
  const label = (name: string) => words.attribute[name] ?? name;
  const steps = policy.steps.map((step, n): [string, string] => [
    words.step(n + 1),
    words.stepSays({ after: step.after_s, lang: step.lang, subject: step.subject, matter: step.matter_need, need: sentence(step.need, skill, words.need) }),
  ]);
  const weights = features.map((each): [string, string] => [words.weight(each[lang]), String(policy.weights[each.id] ?? 0)]);
  const rest = (["ageing_s", "prior_contacts", "prior_percent", "messages"] as const).map((name): [string, string] => [label(name), String(policy[name])]);
  return [...steps, ...weights, ...rest];
}
