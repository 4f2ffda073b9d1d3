import { describe, expect, it } from "vitest";
import { aftermath, isApart, isGuest, soundsOf, type Aftermath } from "@/lib/consult";
import type { Consult, Contact, Snapshot } from "@/lib/contract";
import { matching } from "@/lib/targets";

const contact = (change: Partial<Contact> = {}): Contact => ({
  id: "c1", state: "held", channel: "phone", matter: "outage", queue: "broadband", lang: "zh", caller: "138****8001", queued_at: 1_000, connected_at: 19_000,
  ended_at: null, ended_by: null, given_by: null, wrap_up_ends_at: null, unrecorded_until: null, version: 4, ticket: null, edge: "edge-a", sealed: false, ...change,
});
const beside = (state: Consult["state"], mine = true): Consult => ({ state, mine, other: { id: "bo", name: "周宁" }, until: null });
const floor = (consult: Consult | null, change: Partial<Contact> = {}): Snapshot => ({
  now: 20_000,
  agent: { id: "a", login: "1001", name: "", state: "on_contact", reason: null, since: 0, version: 7, queues: [], calls_today: 0, sound: { by: "headset", shown: "" } },
  offer: null, contact: contact(change), consult, waiting: 0, phone: null, watchers: [],
});

describe("the rooms a page hears", () => {
  it.each([
    ["alone with the customer", null, { contact: "c1", as: "agent", consult: null, sealed: false }],
    ["while the colleague's screen rings", beside("asked"), { contact: "c1", as: "agent", consult: null, sealed: false }],
    ["who asked, while the two talk apart", beside("talking"), { contact: "c1", as: "agent", consult: "c1", sealed: false }],
    ["who asked, in a conference", beside("conference"), { contact: "c1", as: "agent", consult: null, sealed: false }],
    ["the colleague, while the two talk apart: never the customer's", beside("talking", false), { contact: null, as: "partner", consult: "c1", sealed: false }],
    ["the colleague, in a conference", beside("conference", false), { contact: "c1", as: "partner", consult: null, sealed: false }],
  ] as const)("are right for %s", (_, consult, sounds) => {
    expect(soundsOf(floor(consult))).toEqual(sounds);
  });

  it("are sealed where the contact is", () => {
    expect([soundsOf(floor(null, { sealed: true })).sealed, soundsOf(floor(null, { sealed: true, state: "wrap_up" })).sealed]).toEqual([true, false]);
  });

  it("are none before a contact and after it", () => {
    const none = { contact: null, as: "agent", consult: null, sealed: false };
    expect([soundsOf(undefined), soundsOf(floor(null, { state: "wrap_up" }))]).toEqual([none, none]);
  });

  it("change the colleague's part when the customer is handed to him", () => {
    expect([soundsOf(floor(beside("conference", false))).as, soundsOf(floor(null)).as]).toEqual(["partner", "agent"]);
  });
});

describe("who is beside the agent", () => {
  it("keeps the customer apart until all three talk", () => {
    expect([null, beside("asked"), beside("talking"), beside("conference")].map(isApart)).toEqual([false, true, true, false]);
  });

  it("is a guest where the customer is somebody else's", () => {
    expect([null, beside("talking"), beside("talking", false)].map(isGuest)).toEqual([false, false, true]);
  });
});

describe("what a consult leaves behind", () => {
  const follow = (...floors: Snapshot[]): Aftermath | null => {
    let known: Aftermath | null = null;
    floors.forEach((each, index) => (known = aftermath(known, floors[index - 1], each)));
    return known;
  };

  it("is a customer on hold when the colleague did not join", () => {
    expect(follow(floor(beside("asked")), floor(null))).toEqual({ contact: "c1", name: "周宁", kind: "not_joined", held: true });
  });

  it("is a customer on hold when the talk apart is over", () => {
    expect(follow(floor(beside("talking")), floor(null))?.kind).toBe("over");
  });

  it("is the customer himself for the colleague he was handed to", () => {
    expect(follow(floor(beside("talking", false)), floor(null))?.kind).toBe("given");
  });

  it("is forgotten once the customer is taken back", () => {
    expect(follow(floor(beside("talking")), floor(null), floor(null, { state: "connected" }))).toBeNull();
  });

  it("is still told to who was handed the customer, after he took him back", () => {
    expect(follow(floor(beside("talking", false)), floor(null), floor(null, { state: "connected" }))?.kind).toBe("given");
  });

  it("is told of a conference too, where nobody was on hold", () => {
    const connected = { state: "connected" } as const;
    const left = follow(floor(beside("conference"), connected), floor(null, connected), floor(null, connected));
    expect(left).toMatchObject({ kind: "over", held: false });
  });

  it("is nothing for an ordinary hold, for the next consult, and after the call", () => {
    expect(follow(floor(null, { state: "connected" }), floor(null))).toBeNull();
    expect(follow(floor(beside("asked")), floor(null), floor(beside("asked")))).toBeNull();
    expect(follow(floor(beside("talking")), floor(null, { state: "wrap_up" }))).toBeNull();
    expect(follow(floor(beside("talking")), { ...floor(null), contact: null })).toBeNull();
  });

  it("is known to a page that was loaded anew, while the customer still waits on hold", () => {
    expect(follow(floor(null, { given_by: "周宁" }))).toEqual({ contact: "c1", name: "周宁", kind: "given", held: true });
  });

  it("is nothing for another contact", () => {
    expect(follow(floor(beside("talking")), floor(null), floor(null, { id: "c2" }))).toBeNull();
  });
});

describe("the search for where a call goes on", () => {
  const targets = {
    queues: [{ id: "billing", zh: "账务", en: "Billing", waiting: 0, free: 1, wait_seconds: 0 }, { id: "service", zh: "业务", en: "Service", waiting: 0, free: 1, wait_seconds: 0 }],
    agents: [{ id: "1", name: "周宁", idle_since: 0, queue: "service" }, { id: "2", name: "Omar Reyes", idle_since: 0, queue: "billing" }],
  };
  const found = (typed: string) => [...matching(targets, typed).queues, ...matching(targets, typed).agents].map((each) => each.id);

  it("has everything before anything is typed", () => {
    expect(found(" ")).toEqual(["billing", "service", "1", "2"]);
  });

  it("finds in either language, a colleague also by his queue", () => {
    expect([found("bill"), found("业务"), found("reyes")]).toEqual([["billing", "2"], ["service", "1"], ["2"]]);
  });
});
