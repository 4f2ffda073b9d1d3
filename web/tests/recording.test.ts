import { expect, test } from "vitest";
import type { Contact } from "@/lib/contract";
import { ranOut, unrecordedFor } from "@/lib/recording";

const contact = (unrecorded_until: number | null) => ({ unrecorded_until }) as Contact;

test("a pause counts down and is over at its moment", () => {
  expect(unrecordedFor(contact(10_000), 4_000)).toBe(6_000);
  expect(unrecordedFor(contact(10_000), 10_000)).toBe(0);
  expect(unrecordedFor(contact(null), 4_000)).toBe(0);
});

test("a pause that ran out is told for a while, also once the server has told it", () => {
  expect(ranOut(10_000, contact(10_000), 12_000, 20_000)).toBe(true);
  expect(ranOut(10_000, contact(null), 12_000, 20_000)).toBe(true);
  expect(ranOut(10_000, contact(null), 31_000, 20_000)).toBe(false);
});

test("a pause that the agent ended himself did not run out", () => {
  expect(ranOut(10_000, contact(null), 7_000, 20_000)).toBe(false);
  expect(ranOut(0, contact(null), 7_000, 20_000)).toBe(false);
});

test("a second pause is not mistaken for the end of the first", () => {
  expect(ranOut(10_000, contact(30_000), 12_000, 20_000)).toBe(false);
});
