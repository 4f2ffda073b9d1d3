import { describe, expect, it } from "vitest";
import { ADMIN_WORDS } from "@/lib/words/admin";
import { CALLER_WORDS } from "@/lib/words/caller";
import { en } from "@/lib/words/en";
import { LINE_WORDS } from "@/lib/words/line";
import { OPENING_WORDS } from "@/lib/words/opening";
import { PHONE_WORDS } from "@/lib/words/phone";
import { SEAL_WORDS } from "@/lib/words/seal";
import { WATCH_WORDS } from "@/lib/words/watch";
import { zh } from "@/lib/words/zh";

/** Every text of a dictionary with its path; texts with blanks are filled with signs of no language. */
function texts(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node === "function") return [[path, (node as (...blanks: unknown[]) => string)(1, 2)]];
  return Object.entries(node as object).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}
const HAN = /\p{Script=Han}/u;
/** Signs, names and units that are the same in both languages. */
const SHARED = new Set([".vpn", ".sop", ".mos", ".rtt", ".fields", ".unknownWait", ".between", ".placeAfter", ".whyAtLeast", ".need.atLeast", ".none", ".comma", ".dated", ".at"]);

describe.each([
  ["workspace", zh, en],
  ["caller's page", CALLER_WORDS.zh, CALLER_WORDS.en],
  ["line of a call", LINE_WORDS.zh, LINE_WORDS.en],
  ["opening times", OPENING_WORDS.zh, OPENING_WORDS.en],
  ["phones of agents", PHONE_WORDS.zh, PHONE_WORDS.en],
  ["sealed calls", SEAL_WORDS.zh, SEAL_WORDS.en],
  ["live calls", WATCH_WORDS.zh, WATCH_WORDS.en],
  ["administration", ADMIN_WORDS.zh, ADMIN_WORDS.en],
])("the words of the %s", (_, chinese, english) => {
  it("exist in both languages under the same names", () => {
    expect(texts(english).map(([path]) => path)).toEqual(texts(chinese).map(([path]) => path));
  });

  it("are English in English", () => {
    expect(texts(english).filter(([, text]) => HAN.test(text))).toEqual([]);
  });

  it("are Chinese in Chinese", () => {
    expect(texts(chinese).filter(([path, text]) => !SHARED.has(path) && !HAN.test(text))).toEqual([]);
  });
});
