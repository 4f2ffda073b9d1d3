// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { actOf, DEFAULT_KEYS, nameOf } from "@/lib/keys";

const press = (key: string, code: string, change: KeyboardEventInit & { keyCode?: number } = {}) => new KeyboardEvent("keydown", { key, code, ...change });
const note = document.createElement("textarea");
const page = document.body;

describe("keys of the workspace", () => {
  it("answers with Alt+A also where Alt writes another letter", () => {
    expect(actOf(press("å", "KeyA", { altKey: true }), page, DEFAULT_KEYS)).toBe("answer");
  });

  it("answers while a note is being written, for Alt+A is no letter", () => {
    expect(actOf(press("a", "KeyA", { altKey: true }), note, DEFAULT_KEYS)).toBe("answer");
  });

  it("mutes with M on the page and writes an m in a text field", () => {
    expect(actOf(press("m", "KeyM"), page, DEFAULT_KEYS)).toBe("mute");
    expect(actOf(press("m", "KeyM"), note, DEFAULT_KEYS)).toBeNull();
  });

  it("rests while an input method is composing", () => {
    expect(actOf(press("a", "KeyA", { altKey: true, isComposing: true }), note, DEFAULT_KEYS)).toBeNull();
    expect(actOf(press("Process", "KeyM", { keyCode: 229 }), page, DEFAULT_KEYS)).toBeNull();
  });

  it("hangs up only with both Alt and Shift", () => {
    expect(actOf(press("X", "KeyX", { altKey: true, shiftKey: true }), page, DEFAULT_KEYS)).toBe("hangup");
    expect(actOf(press("x", "KeyX", { altKey: true }), page, DEFAULT_KEYS)).toBeNull();
  });

  it("lists the keys with a question mark on any layout", () => {
    expect(actOf(press("?", "Slash", { shiftKey: true }), page, DEFAULT_KEYS)).toBe("help");
    expect(actOf(press("?", "Minus", { shiftKey: true }), page, DEFAULT_KEYS)).toBe("help");
  });

  it("follows keys that were changed", () => {
    expect(actOf(press("F2", "F2"), page, { ...DEFAULT_KEYS, mute: "F2" })).toBe("mute");
  });

  it("names combinations and ignores bare modifiers", () => {
    expect(nameOf(press("k", "KeyK", { ctrlKey: true }))).toBe("Ctrl+K");
    expect(nameOf(press("Alt", "AltLeft", { altKey: true }))).toBe("");
  });

  it("leaves a letter to a checkbox's page, for nothing is typed there", () => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    expect(actOf(press("m", "KeyM"), box, DEFAULT_KEYS)).toBe("mute");
  });
});
