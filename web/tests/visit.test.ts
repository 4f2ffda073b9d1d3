import { expect, test } from "vitest";
import { neverLonger } from "@/features/caller/visit";
import type { CallerState } from "@/lib/contract";

const waiting = (wait_seconds: number | null): CallerState => ({
  state: "queued", position: 3, position_at_entry: 3, wait_seconds, waited_ms: 0, matter: "billing", agent_name: null, callback_to: null, sealed: false, hold: false,
});

test("a caller on the page is never told a longer wait than before", () => {
  expect(neverLonger(waiting(240), waiting(180)).wait_seconds).toBe(180);
  expect(neverLonger(waiting(120), waiting(180)).wait_seconds).toBe(120);
  expect(neverLonger(waiting(240), null).wait_seconds).toBe(240);
  expect(neverLonger(waiting(null), waiting(180)).wait_seconds).toBeNull();
});
