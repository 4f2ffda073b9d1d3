// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Keypad } from "@/components/Keypad";
import { zh as words } from "@/lib/words/zh";

afterEach(cleanup);

function opened() {
  const onKey = vi.fn();
  render(<Keypad w={words} onKey={onKey} />);
  fireEvent.click(screen.getByRole("button", { name: "拨号盘" }));
  return onKey;
}

describe("the keypad", () => {
  it("sends what is clicked and shows what was sent", () => {
    const onKey = opened();
    for (const name of ["按键 4", "按键 2", "井号键"]) fireEvent.click(screen.getByRole("button", { name }));
    expect(onKey.mock.calls.flat()).toEqual(["4", "2", "#"]);
    expect(screen.getByRole("status").textContent).toBe("42#");
  });

  it("takes typed digits for itself: no key of the page fires", () => {
    const page = vi.fn();
    document.addEventListener("keydown", page);
    const onKey = opened();
    fireEvent.keyDown(screen.getByRole("button", { name: "按键 1" }), { key: "7" });
    fireEvent.keyDown(screen.getByRole("button", { name: "按键 1" }), { key: "m" });
    document.removeEventListener("keydown", page);
    expect(onKey.mock.calls).toEqual([["7"]]);
    expect(page.mock.calls.map(([event]) => (event as KeyboardEvent).key)).toEqual(["m"]);
  });

  it("closes with Escape and begins anew", () => {
    const onKey = opened();
    fireEvent.click(screen.getByRole("button", { name: "按键 9" }));
    fireEvent.keyDown(screen.getByRole("button", { name: "按键 9" }), { key: "Escape" });
    expect(screen.queryByRole("dialog")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "拨号盘" }));
    expect(screen.getByRole("status").textContent).toBe("按键会发到对方的电话");
    expect(onKey).toHaveBeenCalledOnce();
  });
});
