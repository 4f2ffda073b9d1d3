// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { IncomingStrip } from "@/features/incoming/IncomingStrip";
import { FieldInput } from "@/features/ticket/FieldInput";
import { useKeys } from "@/hooks/useKeys";
import type { Offer, WorkspaceConfig } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";
import { fieldsOf } from "@/lib/ticketSchema";

const now = Date.now();
const offer: Offer = {
  id: "o1", kind: "contact", asked_by: null, opened_at: now, expires_at: now + 15_000, why: [{ zh: "空闲最久", en: "Idle longest" }],
  contact: {
    id: "c1", state: "offered", channel: "phone", matter: "outage", queue: "broadband", lang: "zh", caller: "136****0918", queued_at: now - 42_000,
    connected_at: null, ended_at: null, ended_by: null, given_by: null, wrap_up_ends_at: null, unrecorded_until: null, version: 3, ticket: null, edge: null, sealed: false,
  },
};
const config: WorkspaceConfig = { company: { zh: "", en: "" }, matters: [{ id: "outage", zh: "宽带断线", en: "Broadband is down", queue: "broadband" }], queues: [], reasons: [], wrap_up_codes: [], ticket_schema: {} };

function Desk({ children }: { children: ReactNode }) {
  const cache = new QueryClient();
  cache.setQueryData(["config"], config);
  return <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
}

const quiet = { busy: false, onAnswer: () => undefined, onDecline: () => undefined };

afterEach(() => {
  cleanup();
  setPrefs({ lang: "zh" });
});

describe("a call that rings", () => {
  it("leaves the focus with the note that is being written", () => {
    const { rerender } = render(<textarea aria-label="备注" />, { wrapper: Desk });
    screen.getByLabelText("备注").focus();
    rerender(<><textarea aria-label="备注" /><IncomingStrip offer={offer} {...quiet} /></>);
    expect(document.activeElement?.tagName).toBe("TEXTAREA");
  });

  it("is told to a screen reader, with the matter and the masked caller", () => {
    render(<IncomingStrip offer={offer} {...quiet} />, { wrapper: Desk });
    expect(screen.getByRole("alert").textContent).toBe("来电：宽带断线，136****0918");
  });

  it("says in both languages why it came to this agent", () => {
    render(<IncomingStrip offer={offer} {...quiet} />, { wrapper: Desk });
    expect(screen.queryByText("空闲最久")).not.toBeNull();
    cleanup();
    setPrefs({ lang: "en" });
    render(<IncomingStrip offer={offer} {...quiet} />, { wrapper: Desk });
    expect(screen.queryByText("Idle longest")).not.toBeNull();
  });

  it("is answered and declined by its buttons, and by neither while a command is on its way", () => {
    const [answer, decline] = [vi.fn(), vi.fn()];
    const { rerender } = render(<IncomingStrip offer={offer} busy={false} onAnswer={answer} onDecline={decline} />, { wrapper: Desk });
    fireEvent.click(screen.getByRole("button", { name: /接听/ }));
    fireEvent.click(screen.getByRole("button", { name: /拒接/ }));
    rerender(<IncomingStrip offer={offer} busy onAnswer={answer} onDecline={decline} />);
    fireEvent.click(screen.getByRole("button", { name: /接听/ }));
    expect([answer.mock.calls.length, decline.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("keys on the page", () => {
  function Listener({ answer }: { answer: () => void }) {
    useKeys({ answer });
    return null;
  }

  it("answer once while held down, and not once the page is gone", () => {
    const answer = vi.fn();
    const { unmount } = render(<Listener answer={answer} />);
    fireEvent.keyDown(window, { key: "a", code: "KeyA", altKey: true });
    fireEvent.keyDown(window, { key: "a", code: "KeyA", altKey: true, repeat: true });
    unmount();
    fireEvent.keyDown(window, { key: "a", code: "KeyA", altKey: true });
    expect(answer).toHaveBeenCalledTimes(1);
  });
});

describe("a field of the ticket", () => {
  const [text, when] = fieldsOf({ properties: { account: { type: "string", maxLength: 8, "x-zh": "账号", "x-en": "Account" }, began: { format: "date-time", "x-zh": "开始", "x-en": "Since" } }, required: ["account"] }, "outage");
  const common = { missing: false, urgent: false, disabled: false };

  it("has its label, its limit, and says when it is required", () => {
    if (!text) throw new Error("no field");
    render(<FieldInput field={text} value="" {...common} missing onChange={() => undefined} />);
    const input = screen.getByLabelText("账号");
    expect([input.getAttribute("maxlength"), input.getAttribute("aria-required"), input.getAttribute("aria-invalid")]).toEqual(["8", "true", "true"]);
  });

  it("takes a date when it is left, and keeps the old one when what was written is none", () => {
    if (!when) throw new Error("no field");
    const change = vi.fn();
    render(<FieldInput field={when} value="2026-11-20T20:30:00+08:00" {...common} onChange={change} />);
    const input = screen.getByLabelText("开始");
    fireEvent.change(input, { target: { value: "2026-11-21 08:00" } });
    fireEvent.blur(input);
    fireEvent.change(input, { target: { value: "soon" } });
    fireEvent.blur(input);
    expect(change.mock.calls[0]?.[0]).toMatch(/^2026-11-21T08:00:00/);
    expect(change.mock.calls[1]?.[0]).toBe("2026-11-20T20:30:00+08:00");
  });
});
