import { describe, expect, it } from "vitest";
import { AgentPart, CallerPart, commitmentTo, type Agreed, type Round, type Say, type Saying, type Step } from "@/lib/agreement";
import { endsOf } from "@/lib/sealing";

/** The API between the two pages, by the rules of `presence/keys.py`. */
class Between {
  round: Round = { commitment: null, caller_key: null, agent_key: null };

  caller: Say = ({ commitment, key }: Saying) => {
    if (commitment !== this.round.commitment) this.round = { commitment, caller_key: null, agent_key: null };
    else if (key && this.round.agent_key) this.round = { ...this.round, caller_key: key };
    return Promise.resolve(this.round);
  };
  agent: Say = ({ commitment, key }: Saying) => {
    if (key && commitment === this.round.commitment) this.round = { ...this.round, agent_key: key };
    return Promise.resolve(this.round);
  };
}

const isAgreed = (step: Step): step is Agreed => typeof step !== "string";

/** Steps of both by turns; what each agreed on last. */
async function talk(caller: CallerPart, agent: AgentPart, turns = 6): Promise<{ caller: Agreed | null; agent: Agreed | null }> {
  const last: { caller: Agreed | null; agent: Agreed | null } = { caller: null, agent: null };
  for (let turn = 0; turn < turns; turn++) {
    const [one, other] = [await caller.step(), await agent.step()];
    if (isAgreed(one)) last.caller = one;
    if (isAgreed(other)) last.agent = other;
  }
  return last;
}

const frame = () => crypto.getRandomValues(new Uint8Array(60));

async function opens(from: Agreed | null, to: Agreed | null): Promise<boolean> {
  if (!from || !to) return false;
  const [sender, receiver] = [await endsOf(from.keys), await endsOf(to.keys)];
  const said = frame();
  const heard = await receiver.opener.open(await sender.sealer.seal(said), receiver.opener.window());
  return heard !== null && heard.every((byte, at) => byte === said[at]);
}

describe("two pages that agree on keys", () => {
  it("open each other's frames and show the same six digits", async () => {
    const api = new Between();
    const agreed = await talk(new CallerPart("c1", api.caller), new AgentPart("c1", api.agent));
    expect(agreed.caller?.number).toMatch(/^\d\d \d\d \d\d$/);
    expect(agreed.caller?.number).toBe(agreed.agent?.number);
    expect([await opens(agreed.caller, agreed.agent), await opens(agreed.agent, agreed.caller)]).toEqual([true, true]);
  });

  it("agree on other keys for another contact", async () => {
    const api = new Between();
    const agreed = await talk(new CallerPart("c1", api.caller), new AgentPart("c2", api.agent));
    expect(await opens(agreed.caller, agreed.agent)).toBe(false);
  });

  it("never hand out the caller's key before the agent's is there", async () => {
    const api = new Between();
    const caller = new CallerPart("c1", api.caller);
    for (let n = 0; n < 3; n++) expect(await caller.step()).toBe("agreeing");
    expect(api.round).toMatchObject({ caller_key: null, agent_key: null });
    expect(api.round.commitment).toMatch(/^[\w-]{43}$/);
  });

  it("agree anew when the agent's page is loaded again, or another agent takes the call", async () => {
    const api = new Between();
    const caller = new CallerPart("c1", api.caller);
    const first = await talk(caller, new AgentPart("c1", api.agent));
    const round = api.round;
    const second = await talk(caller, new AgentPart("c1", api.agent));
    expect(api.round.commitment).not.toBe(round.commitment);
    expect(api.round.caller_key).not.toBe(round.caller_key);
    expect(second.caller?.number).toBe(second.agent?.number);
    expect([await opens(second.caller, second.agent), await opens(second.caller, first.agent)]).toEqual([true, false]);
  });

  it("agree anew when the caller's page is loaded again", async () => {
    const api = new Between();
    const agent = new AgentPart("c1", api.agent);
    const first = await talk(new CallerPart("c1", api.caller), agent);
    const second = await talk(new CallerPart("c1", api.caller), agent);
    expect([await opens(second.caller, second.agent), await opens(first.caller, second.agent)]).toEqual([true, false]);
    expect(second.agent?.number).toBe(second.caller?.number);
  });

  it("keep what they have while nothing changes", async () => {
    const api = new Between();
    const [caller, agent] = [new CallerPart("c1", api.caller), new AgentPart("c1", api.agent)];
    await talk(caller, agent);
    expect([await caller.step(), await agent.step()]).toEqual(["kept", "kept"]);
  });
});

describe("somebody between them", () => {
  it("who puts keys of his own there can hear, but the numbers differ", async () => {
    const [toCaller, toAgent] = [new Between(), new Between()];
    // He plays the agent to the caller and the caller to the agent, by the rules.
    const [mallory, eve] = [new AgentPart("c1", toCaller.agent), new CallerPart("c1", toAgent.caller)];
    const one = await talk(new CallerPart("c1", toCaller.caller), mallory);
    const other = await talk(eve, new AgentPart("c1", toAgent.agent));
    expect(one.caller?.number).not.toBe(other.agent?.number);
    expect(await opens(one.caller, other.agent)).toBe(false);
  });

  it("who shows another key than was committed to is found out, and nothing is opened with it", async () => {
    const api = new Between();
    const agent = new AgentPart("c1", api.agent);
    await new CallerPart("c1", api.caller).step();
    await agent.step();
    const other = new Between();
    await talk(new CallerPart("c1", other.caller), new AgentPart("c1", other.agent));
    api.round = { ...api.round, caller_key: other.round.caller_key };
    expect(await agent.step()).toBe("broken");
  });

  it("who keeps the caller's first answer and shows a second agent's key makes the caller begin another round", async () => {
    const api = new Between();
    const caller = new CallerPart("c1", api.caller);
    await talk(caller, new AgentPart("c1", api.agent));
    const shown = api.round.caller_key ?? "";
    api.round = { ...api.round, agent_key: "B".repeat(87) };
    expect(await caller.step()).toBe("agreeing");
    expect(api.round.commitment).not.toBe(await commitmentTo(shown));
  });
});
