/** A queue's policy as the page edits it: whole, with what is not said filled in, and back to what differs from that. Pure. */
import type { Need } from "@/lib/admin/need";
import type { Feature } from "@/lib/contract";

export interface Step {
  after_s: number;
  need: Need;
  lang: number;
  subject: number;
  matter_need: boolean;
}
export interface Policy {
  steps: Step[];
  weights: Record<string, number>;
  ageing_s: number;
  prior_contacts: number;
  prior_percent: number;
  messages: number;
}
export type Open = Record<string, unknown>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function readPolicy(plain: Open, defaults: Open): Policy {
  const base = defaults as unknown as Policy;
  const said = plain as Partial<Policy>;
  const first = base.steps[0];
  if (!first) throw new Error("the default policy has no step");
  return { ...base, ...said, steps: (said.steps ?? base.steps).map((step) => ({ ...first, ...step })), weights: { ...base.weights, ...said.weights } };
}

/** Only what is not the default, so that a queue that says nothing goes on saying nothing. */
export function writePolicy(policy: Policy, defaults: Open): Open {
  const base = readPolicy({}, defaults);
  const weights = Object.fromEntries(Object.entries(policy.weights).filter(([name, value]) => value !== base.weights[name]));
  const whole: Record<string, unknown> = { ...policy, weights };
  const kept = Object.entries(whole).filter(([name, value]) => (name === "weights" ? Object.keys(weights).length > 0 : !same(value, base[name as keyof Policy])));
  return Object.fromEntries(kept);
}

/** Each feature's part of the score in whole percent, summing to 100; what nobody measures counts nothing. */
export function shares(weights: Record<string, number>, features: Feature[]): Record<string, number> {
  const counted = features.filter((each) => each.measured);
  const whole = counted.reduce((sum, each) => sum + (weights[each.id] ?? 0), 0);
  if (whole === 0) return Object.fromEntries(features.map((each) => [each.id, 0]));
  const exact = counted.map((each) => ({ id: each.id, part: (100 * (weights[each.id] ?? 0)) / whole }));
  const shown = new Map(exact.map(({ id, part }) => [id, Math.floor(part)]));
  const missing = 100 - [...shown.values()].reduce((sum, part) => sum + part, 0);
  // The largest remainders get the points that rounding down left over.
  for (const { id, part } of exact.toSorted((a, b) => (b.part % 1) - (a.part % 1)).slice(0, missing)) shown.set(id, Math.floor(part) + 1);
  return Object.fromEntries(features.map((each) => [each.id, shown.get(each.id) ?? 0]));
}

/** A further step: a minute after the last one, asking what the last one asks. */
export function nextStep(steps: Step[], most: number): Step | null {
  const last = steps.at(-1);
  return last && last.after_s < most ? { ...last, after_s: Math.min(most, last.after_s + 60) } : null;
}
