import { describe, expect, it } from "vitest";
import { changes, type DiffContext } from "@/lib/admin/diff";
import { addEntry, claimDraft, edit, editEntry, freshId, heardConfig, rebase, removeEntry, showWrong, startFrom, useDraft } from "@/lib/admin/draft";
import { merge } from "@/lib/admin/merge";
import { groupsOf, needOf, sentence, skillsIn, type Need } from "@/lib/admin/need";
import { nextStep, readPolicy, shares, writePolicy } from "@/lib/admin/policy";
import type { AdminConfig, ConfigData, Feature } from "@/lib/contract";
import { WATCH_WORDS } from "@/lib/words/watch";
import { ADMIN_WORDS } from "@/lib/words/admin";

const a = ADMIN_WORDS.en;
const FIBER = { skill: "fiber", at_least: 3 };
const SENIOR = { skill: "senior", at_least: 2 };
const VIP = { skill: "vip", at_least: 1 };
const defaults = { steps: [{ after_s: 0, need: { all: [] }, lang: 1, subject: 1, matter_need: true }], weights: { idle: 25, load: 30, proximity: 0 }, ageing_s: 60, prior_contacts: 20, prior_percent: 70, messages: 3 };
const features: Feature[] = [
  { id: "idle", zh: "空闲", en: "Time free", measured: true },
  { id: "load", zh: "负荷", en: "Load", measured: true },
  { id: "proximity", zh: "距离", en: "Distance", measured: false },
];
const plain = { policy: {}, priority: 5, calendar: "", closed: "message", overflow_to: "", overflow_after_s: 0, sealed: false };
const data: ConfigData = {
  monitoring_notice: "all", calendars: [], numbers: [], blocked: [],
  company: { zh: "云杉", en: "Spruce" },
  queues: [{ ...plain, id: "broadband", zh: "宽带", en: "Broadband" }, { ...plain, id: "billing", zh: "账务", en: "Billing" }],
  matters: [{ id: "outage", zh: "断线", en: "No internet", hint: { zh: "掉线", en: "Dropping" }, key: "1", queue: "broadband", need: { all: [] }, difficulty: 50 }],
  reasons: [{ id: "break", zh: "休息", en: "Break", solved: null }],
  wrap_up_codes: [{ id: "resolved", zh: "已解决", en: "Resolved", solved: true }],
  skills: [{ id: "fiber", zh: "光纤", en: "Fibre" }],
};
const inForce = (version: number, config: ConfigData): AdminConfig => ({ publication: { version, at: 0, who: null, note: "", restored: 0 }, config, defaults, features, bounds: {} });
const context: DiffContext = {
  lang: "en", defaults, features, skill: (id) => (id === "fiber" ? "Fibre" : id),
  words: { need: a.need, attribute: a.attribute, step: a.step, stepSays: a.stepSays, weight: a.weightOf, nothing: a.noValue, notice: WATCH_WORDS.en.notices, office: a.office, yes: a.yes, no: a.no },
};

describe("a need", () => {
  it.each<[Need, unknown]>([
    [{ all: [] }, []],
    [FIBER, [[FIBER]]],
    [{ any: [FIBER, VIP] }, [[FIBER, VIP]]],
    [{ all: [FIBER, { any: [SENIOR, VIP] }, { all: [VIP] }] }, [[FIBER], [SENIOR, VIP], [VIP]]],
    [{ any: [{ all: [FIBER, VIP] }] }, null],
    [{ all: [{ any: [{ all: [FIBER] }, VIP] }] }, null],
  ])("is edited in groups that must all hold, or only shown when it is deeper", (need, groups) => {
    expect(groupsOf(need)).toEqual(groups);
  });

  it("comes back from its groups, and an emptied group is gone", () => {
    expect(needOf([[FIBER], [SENIOR, VIP], []])).toEqual({ all: [FIBER, { any: [SENIOR, VIP] }] });
    expect(needOf([[FIBER]])).toEqual(FIBER);
    expect(needOf([[]])).toEqual({ all: [] });
  });

  it("reads as a sentence", () => {
    expect(sentence({ all: [FIBER, { any: [SENIOR, VIP] }] }, context.skill, a.need)).toBe("Fibre ≥ 3 and (senior ≥ 2 or vip ≥ 1)");
    expect(sentence({ all: [] }, context.skill, a.need)).toBe("nothing else");
    expect(skillsIn({ all: [FIBER, { any: [SENIOR] }] })).toEqual(["fiber", "senior"]);
  });
});

describe("a policy", () => {
  it("is shown whole and written down as what differs from the default", () => {
    const policy = readPolicy({ weights: { idle: 10 }, steps: [{ after_s: 0, lang: 3 }] }, defaults);
    expect(policy.weights).toEqual({ idle: 10, load: 30, proximity: 0 });
    expect(policy.steps).toEqual([{ after_s: 0, need: { all: [] }, lang: 3, subject: 1, matter_need: true }]);
    expect(writePolicy({ ...policy, steps: readPolicy({}, defaults).steps }, defaults)).toEqual({ weights: { idle: 10 } });
    expect(writePolicy(readPolicy({}, defaults), defaults)).toEqual({});
  });

  it("has shares that sum to a hundred, and counts nothing that nobody measures", () => {
    expect(shares({ idle: 1, load: 2, proximity: 50 }, features)).toEqual({ idle: 33, load: 67, proximity: 0 });
    const three = features.map((each) => ({ ...each, measured: true }));
    expect(Object.values(shares({ idle: 1, load: 1, proximity: 1 }, three)).reduce((sum, each) => sum + each, 0)).toBe(100);
    expect(shares({ idle: 0, load: 0 }, features)).toEqual({ idle: 0, load: 0, proximity: 0 });
  });

  it("gets a further step after the last one, never beyond the bound", () => {
    const [step] = readPolicy({}, defaults).steps;
    if (!step) throw new Error("no step");
    expect(nextStep([{ ...step, after_s: 30 }], 3600)?.after_s).toBe(90);
    expect(nextStep([{ ...step, after_s: 3590 }], 3600)?.after_s).toBe(3600);
    expect(nextStep([{ ...step, after_s: 3600 }], 3600)).toBeNull();
  });
});

describe("the difference of two configurations", () => {
  it("is nothing between a configuration and itself, also when a default is written out", () => {
    expect(changes(data, data, context)).toEqual([]);
    const spelled = { ...data, queues: data.queues.map((each) => ({ ...each, policy: { ageing_s: 60 } })) };
    expect(changes(data, spelled, context)).toEqual([]);
  });

  it("names what was added, removed and changed, from what to what", () => {
    const [broadband, billing] = data.queues;
    if (!broadband || !billing) throw new Error("no queues");
    const after = {
      ...data,
      queues: [{ ...broadband, priority: 2, policy: { weights: { idle: 40 }, steps: [{ after_s: 0, need: FIBER }] } }, { ...billing, id: "money", en: "Money" }],
      wrap_up_codes: [{ id: "resolved", zh: "已解决", en: "Resolved", solved: null }],
    };
    expect(changes(data, after, context).map((each) => `${each.kind} ${each.list} ${each.name}: ${each.what} ${each.before} -> ${each.after}`)).toEqual([
      "removed queues Billing:   -> ",
      "changed queues Broadband: Priority 5 -> 2",
      "changed queues Broadband: Step 1 from 0 s: language ≥ 1, subject ≥ 1, with the matter's need, nothing else -> from 0 s: language ≥ 1, subject ≥ 1, with the matter's need, Fibre ≥ 3",
      "changed queues Broadband: Weight: Time free 25 -> 40",
      "added queues Money:   -> ",
      "changed wrap_up_codes Resolved: Counts as solved yes -> none",
    ]);
  });
});

describe("the difference in opening times, numbers and refused callers", () => {
  const office = { id: "office", zh: "工作日", en: "Weekdays", zone: "Asia/Shanghai", week: [{ day: 0, start: "13:30", end: "18:00" }, { day: 0, start: "09:00", end: "12:00" }], holidays: [{ date: "2026-10-01", zh: "国庆节", en: "National Day", start: "", end: "" }] };
  const line = { number: "+862150008000", zh: "总机", en: "Switchboard", lang: "", queue: "" };
  const before = { ...data, calendars: [office], numbers: [line] };
  const told = (after: ConfigData) => changes(before, after, context).map((each) => `${each.kind} ${each.list} ${each.name}: ${each.what} ${each.before} -> ${each.after}`);

  it("is told by the day", () => {
    const week = [...office.week.slice(1), { day: 6, start: "10:00", end: "16:00" }];
    const holidays = [{ ...office.holidays[0], date: "2026-10-01", zh: "国庆节", en: "National Day", start: "09:00", end: "12:00" }];
    expect(told({ ...before, calendars: [{ ...office, zone: "UTC", week, holidays }] })).toEqual([
      "changed calendars Weekdays: Time zone Asia/Shanghai -> UTC",
      "changed calendars Weekdays: Mon 09:00–12:00, 13:30–18:00 -> 09:00–12:00",
      "changed calendars Weekdays: Sun closed -> 10:00–16:00",
      "changed calendars Weekdays: 2026-10-01 National Day closed -> National Day 09:00–12:00",
    ]);
  });

  it("is nothing when the same times stand in another order", () => {
    expect(told({ ...before, calendars: [{ ...office, week: office.week.toReversed() }] })).toEqual([]);
  });

  it("says of a queue when it opens, what it offers and where it passes on", () => {
    const [broadband, billing] = data.queues;
    if (!broadband || !billing) throw new Error("no queues");
    const queues = [{ ...broadband, calendar: "office", closed: "callback", overflow_to: "billing", overflow_after_s: 90 }, billing];
    expect(told({ ...before, queues })).toEqual([
      "changed queues Broadband: Opening times Always open -> Weekdays",
      "changed queues Broadband: While closed Ask to come back -> Offer a call at opening",
      "changed queues Broadband: Long waits Nowhere -> to Billing after 90 s",
    ]);
  });

  it("names a number by what it is, and a refused caller by the code alone", () => {
    const numbers = [{ ...line, lang: "en", queue: "billing" }, { ...line, number: "+862150008001", en: "Bills" }];
    expect(told({ ...before, numbers, blocked: ["a1b2c3".padEnd(64, "0")] })).toEqual([
      "changed numbers Switchboard: Greeting Chinese and English -> English",
      "changed numbers Switchboard: Leads to The menu -> Billing",
      "added numbers Bills:   -> ",
      "added blocked #a1b2c3:   -> ",
    ]);
  });
});

describe("two administrators at once", () => {
  const [broadband] = data.queues;
  if (!broadband) throw new Error("no queue");

  it("each keep what only one of them changed", () => {
    const mine = { ...data, queues: [{ ...broadband, policy: { ageing_s: 30 } }, ...data.queues.slice(1)] };
    const theirs = { ...data, company: { zh: "雪松", en: "Cedar" }, queues: [{ ...broadband, priority: 2 }, ...data.queues.slice(1)] };
    const both = merge(data, mine, theirs);
    expect(both.company.en).toBe("Cedar");
    expect(both.queues[0]).toEqual({ ...broadband, priority: 2, policy: { ageing_s: 30 } });
  });

  it("do not lose an entry that one added and the other did not know", () => {
    const mine = { ...data, skills: [...data.skills, { id: "vip", zh: "贵宾", en: "VIP" }] };
    const theirs = { ...data, skills: [...data.skills, { id: "senior", zh: "高级", en: "Senior" }] };
    expect(merge(data, mine, theirs).skills.map((each) => each.id)).toEqual(["fiber", "senior", "vip"]);
  });

  it("leave removed what one removed, unless the other worked on it", () => {
    const without = { ...data, queues: data.queues.slice(1) };
    const changed = { ...data, queues: [{ ...broadband, priority: 1 }, ...data.queues.slice(1)] };
    expect(merge(data, without, data).queues.map((each) => each.id)).toEqual(["billing"]);
    expect(merge(data, without, changed).queues.map((each) => each.id)).toEqual(["broadband", "billing"]);
    expect(merge(data, changed, without).queues.map((each) => each.id).toSorted()).toEqual(["billing", "broadband"]);
  });

  it("meet where both changed the same: the second one's stands, and he sees it among his changes", () => {
    startFrom(inForce(1, data));
    editEntry("queues", 0, { priority: 1 });
    rebase(inForce(2, { ...data, queues: [{ ...broadband, priority: 9 }, ...data.queues.slice(1)] }));
    expect([useDraft.getState().base?.publication.version, useDraft.getState().config?.queues[0]?.priority]).toEqual([2, 1]);
  });
});

describe("a draft", () => {
  it("is not taken from under the hands when a newer version is read", () => {
    startFrom(inForce(1, data));
    edit({ company: { zh: "雪松", en: "Cedar" } });
    heardConfig(inForce(2, data));
    expect([useDraft.getState().base?.publication.version, useDraft.getState().config?.company.en]).toEqual([1, "Cedar"]);
    startFrom(inForce(1, data));
    heardConfig(inForce(2, data));
    expect(useDraft.getState().base?.publication.version).toBe(2);
  });

  it("belongs to who made it, and is gone for the next person at this tab", () => {
    claimDraft("adam");
    startFrom(inForce(1, data));
    edit({ company: { zh: "雪松", en: "Cedar" } });
    claimDraft("adam");
    expect(useDraft.getState().config?.company.en).toBe("Cedar");
    claimDraft("eve");
    expect(useDraft.getState().config).toBeNull();
  });

  it("changes one entry at a time and gives new ones an id of their own", () => {
    startFrom(inForce(1, data));
    editEntry("queues", 1, { priority: 2 });
    addEntry("skills", { id: freshId("skill", data.skills), zh: "", en: "" });
    removeEntry("queues", 0);
    const { config } = useDraft.getState();
    expect(config?.queues.map((each) => [each.id, each.priority])).toEqual([["billing", 2]]);
    expect(config?.skills.map((each) => each.id)).toEqual(["fiber", "skill_2"]);
    expect(freshId("skill", [{ id: "skill_2" }])).toBe("skill_3");
  });

  it("opens the entry that the server found wrong, and forgets it with the next edit", () => {
    startFrom(inForce(1, data));
    showWrong("config.queues.1.policy.weights.idle", { zh: "0 至 100 的整数", en: "a whole number from 0 to 100" });
    expect(useDraft.getState().wrong?.path).toBe("queues.1.policy.weights.idle");
    expect(useDraft.getState().open["queues"]).toBe(1);
    editEntry("queues", 1, { priority: 3 });
    expect(useDraft.getState().wrong).toBeNull();
  });
});
