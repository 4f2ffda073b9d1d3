/** What differs between two configurations, in sentences for people. Pure. */
import { sentence, type Need, type NeedWords } from "@/lib/admin/need";
import { readPolicy, type Open, type Policy } from "@/lib/admin/policy";
import type { Bilingual, ConfigCalendar, ConfigData, Feature, Lang } from "@/lib/contract";
import { hoursOf, WEEK } from "@/lib/opening";
import { OPENING_WORDS } from "@/lib/words/opening";
import type { OfficeWords } from "@/lib/words/office";

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
  notice: { title: string } & Record<ConfigData["monitoring_notice"], string>;
  office: OfficeWords;
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
  const lists = (["queues", "matters", "skills", "reasons", "wrap_up_codes", "calendars"] as const).flatMap((list) => compare(list, before[list], after[list], tell[list] as (each: Named) => Facts, context));
  const numbers = compare("numbers", numbered(before), numbered(after), tell.numbers, context);
  const blocked = compare("blocked", indexed(before), indexed(after), () => [], context);
  const notice = compare("monitoring_notice", [told(before)], [told(after)], ({ notice }) => [[context.words.notice.title, context.words.notice[notice]]], context);
  return [...company, ...lists, ...numbers, ...blocked, ...notice];
}

/** What is shown of a refused caller: enough to tell two apart, nothing of the number. */
export const shortIndex = (index: string): string => `#${index.slice(0, 6)}`;

const told = ({ company, monitoring_notice }: ConfigData) => ({ ...company, id: "notice", notice: monitoring_notice });
const numbered = ({ numbers }: ConfigData) => numbers.map((each) => ({ ...each, id: each.number }));
const indexed = ({ blocked }: ConfigData) => blocked.map((id): Named => ({ id, zh: shortIndex(id), en: shortIndex(id) }));

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
  const calendar = (id: string) => (id ? ([...after.calendars, ...before.calendars].find((each) => each.id === id)?.[lang] ?? id) : words.office.always);
  const openFacts = (each: ConfigData["queues"][number]): Facts => [
    [label("calendar"), calendar(each.calendar)],
    [label("sealed"), each.sealed ? words.yes : words.no],
    [label("closed"), words.office.closings[each.closed] ?? each.closed],
    [label("overflow"), each.overflow_to ? words.office.overflow(queue(each.overflow_to), each.overflow_after_s) : words.office.overflowNever],
  ];
  const solved = (value: boolean | null) => (value === null ? words.nothing : value ? words.yes : words.no);
  return {
    queues: (each: ConfigData["queues"][number]): Facts => [...names(each, context), [label("priority"), String(each.priority)], ...openFacts(each), ...policyFacts(readPolicy(each.policy, context.defaults), context)],
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
    calendars: (each: ConfigCalendar): Facts => [...names(each, context), [label("zone"), each.zone], ...dayFacts(each, lang)],
    numbers: (each: ConfigData["numbers"][number]): Facts => [...names(each, context), [label("lang"), words.office.greetings[each.lang] ?? each.lang], [label("leadsTo"), each.queue ? queue(each.queue) : words.office.menu]],
  };
}

function dayFacts({ week, holidays }: ConfigCalendar, lang: Lang): Facts {
  const { weekdays, shut } = OPENING_WORDS[lang];
  const days = WEEK.map((day): [string, string] => [weekdays[day] ?? "", hoursOf(week.filter((each) => each.day === day), lang) || shut]);
  return [...days, ...holidays.map((each): [string, string] => [each.date, `${each[lang]} ${each.start ? hoursOf([each], lang) : shut}`])];
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
