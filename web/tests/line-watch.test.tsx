// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { LineTable } from "@/features/line-watch/LinePage";
import { lineText } from "@/features/line-watch/lineText";
import type { ContactLine } from "@/lib/contract";
import { LINE_WORDS } from "@/lib/words/line";

const { zh, en } = LINE_WORDS;
const LEG: ContactLine["legs"][number] = {
  role: "agent", by: "page", live: true, speaks: false, level_dbov: -24, loss: 0.031, heard_loss: 0.004, burst_ratio: 1.84, jitter_ms: 7.4, round_trip_ms: null,
  delay_ms: 71.6, mos: 4.21, one_way: null,
};
afterEach(cleanup);

describe("the line of a live call", () => {
  it("writes each reading with its unit, and a dash for what was not measured", () => {
    expect(lineText(LEG)).toEqual(["4.2", "-24 dB", "3.1%", "1.8", "7 ms", "—", "72 ms"]);
    expect(lineText({ ...LEG, by: "phone", mos: null, level_dbov: -96 })).toEqual(["—", "—", "—", "—", "—", "—", "72 ms"]);
  });

  it("says in words who cannot be heard", () => {
    render(<LineTable legs={[{ ...LEG, one_way: "no_sound" }, { ...LEG, role: "caller", by: "phone", speaks: true }]} />);
    expect(screen.getByRole("alert").textContent).toBe(zh.unheard.no_sound);
    expect(screen.getByText(zh.speaks)).toBeTruthy();
  });

  it("has a head for every reading in both languages", () => {
    for (const words of [zh, en]) expect(words.heads).toHaveLength(2 + lineText(LEG).length);
  });
});
