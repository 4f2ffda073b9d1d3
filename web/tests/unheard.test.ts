import { describe, expect, it } from "vitest";
import type { ContactLine } from "@/lib/contract";
import { unheardBy, type Fault, type Party } from "@/lib/unheard";

const leg = (role: Party, one_way: Fault | null): ContactLine["legs"][number] => ({
  role, one_way, by: "page", live: true, speaks: false, level_dbov: -30, loss: 0, heard_loss: 0, burst_ratio: 1, jitter_ms: 1, round_trip_ms: 20, delay_ms: 50, mos: 4.3,
});
const line = (...legs: ContactLine["legs"]): ContactLine => ({ contact: "c", edge: "e", held: false, legs });

describe("who cannot be heard", () => {
  it("is nobody while all is well, or nothing is known yet", () => {
    expect(unheardBy(undefined, "agent", false)).toBeNull();
    expect(unheardBy(line(leg("agent", null), leg("caller", null)), "agent", false)).toBeNull();
  });

  it("is the agent first, who can mend it here", () => {
    expect(unheardBy(line(leg("caller", "no_packets"), leg("agent", "no_sound")), "agent", false)).toEqual({ party: "agent", fault: "no_sound" });
  });

  it("is not told to who muted himself, but a dead network is", () => {
    expect(unheardBy(line(leg("agent", "no_sound")), "agent", true)).toBeNull();
    expect(unheardBy(line(leg("agent", "no_packets")), "agent", true)?.fault).toBe("no_packets");
  });

  it("is the customer where the own sound arrives", () => {
    expect(unheardBy(line(leg("agent", "no_sound"), leg("caller", "no_sound")), "agent", true)?.party).toBe("caller");
  });
});
