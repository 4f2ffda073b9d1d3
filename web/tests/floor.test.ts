import { describe, expect, it } from "vitest";
import type { Contact, Snapshot } from "@/lib/contract";
import { contactToHear, newest, sceneOf, talkTime, versionsSeen, waited } from "@/lib/floor";

const contact = (change: Partial<Contact> = {}): Contact => ({
  id: "c1", state: "connected", channel: "phone", matter: "outage", queue: "broadband", lang: "zh", caller: "138****8001", queued_at: 1_000, connected_at: 19_000,
  ended_at: null, ended_by: null, given_by: null, wrap_up_ends_at: null, unrecorded_until: null, version: 4, ticket: null, edge: "edge-a", sealed: false, ...change,
});
const floor = (change: Partial<Snapshot> = {}, agentVersion = 7): Snapshot => ({
  now: 20_000,
  agent: { id: "a", login: "1001", name: "", state: "on_contact", reason: null, since: 0, version: agentVersion, queues: [], calls_today: 0, sound: { by: "headset", shown: "" } },
  offer: null, contact: contact(), consult: null, waiting: 0, phone: null, watchers: [], ...change,
});

describe("the newest view of the floor", () => {
  it("takes the first one there is", () => {
    expect(newest(undefined, floor())).toEqual(floor());
  });

  it("keeps the newer agent when an older answer arrives late", () => {
    const held = floor({}, 9);
    expect(newest(held, floor({ now: 99_000 }, 8))).toBe(held);
  });

  it("keeps the newer contact when an older answer arrives late", () => {
    const held = floor({ contact: contact({ version: 6, state: "held" }) });
    expect(newest(held, floor({ now: 99_000 }))).toBe(held);
  });

  it("takes a change that has no version, like the number of waiting, by its time", () => {
    const heard = floor({ waiting: 5, now: 21_000 });
    expect(newest(floor(), heard)).toBe(heard);
    expect(newest(heard, floor())).toBe(heard);
  });

  it("forgets the floor of whoever was signed in before", () => {
    const other = floor({}, 1);
    other.agent.id = "b";
    expect(newest(floor({}, 50), other)).toBe(other);
  });
});

describe("what the floor means for the screen", () => {
  it.each([
    ["connecting", "connecting", "c1"],
    ["connected", "talking", "c1"],
    ["held", "held", "c1"],
    ["wrap_up", "wrap_up", null],
  ] as const)("a contact that is %s shows %s and is heard by %s", (state, scene, heard) => {
    const view = floor({ contact: contact({ state }) });
    expect([sceneOf(view), contactToHear(view)]).toEqual([scene, heard]);
  });

  it("is idle without contact and offer", () => {
    expect([sceneOf(undefined), sceneOf(floor({ contact: null })), contactToHear(undefined)]).toEqual(["idle", "idle", null]);
  });

  it("counts the talk from the connection and stops at the end", () => {
    expect(talkTime(contact(), 226_000)).toBe(207_000);
    expect(talkTime(contact({ ended_at: 29_000 }), 226_000)).toBe(10_000);
    expect(talkTime(contact({ connected_at: null }), 226_000)).toBe(0);
  });

  it("counts the wait from the queue to the connection", () => {
    expect([waited(contact(), 99_000), waited(contact({ connected_at: null }), 11_000)]).toEqual([18_000, 10_000]);
  });

  it("tells the server the versions it has seen", () => {
    expect([versionsSeen(undefined), versionsSeen(floor())]).toEqual([{ agent: 0, contact: 0 }, { agent: 7, contact: 4 }]);
  });
});
