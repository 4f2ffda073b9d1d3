// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MessageTable } from "@/features/messages/MessageTable";
import { MessagePlayer } from "@/features/ticket/MessagePlayer";
import { setPrefs } from "@/lib/prefs";

const message = { id: "t1", contact: "c1", queue: "broadband", matter: "outage", left_at: 0, length_ms: 65_000 };
let answers: Record<string, () => Response>;
let asked: string[];

const says = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const refuses = (code: string, en: string) => says({ code, message: { zh: "", en } }, 409);

beforeEach(() => {
  setPrefs({ lang: "en" });
  asked = [];
  answers = { "GET /api/messages": says({ messages: [message] }), "GET /api/tickets": says({ tickets: [] }) };
  vi.stubGlobal("fetch", (request: Request) => {
    const key = `${request.method} ${new URL(request.url).pathname}`;
    asked.push(key);
    return Promise.resolve((answers[key] ?? says({}, 404))());
  });
  URL.createObjectURL = vi.fn(() => "blob:here");
  URL.revokeObjectURL = vi.fn();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Desk({ children }: { children: ReactNode }) {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return <QueryClientProvider client={cache}>{children}</QueryClientProvider>;
}

describe("the list of messages", () => {
  it("shows how long each is and opens the ticket of the one that is taken", async () => {
    answers["POST /api/messages/t1/take"] = says({ id: "t1" });
    const taken = vi.fn();
    render(<MessageTable onTaken={taken} />, { wrapper: Desk });
    await screen.findByText("01:05");
    fireEvent.click(screen.getByRole("button", { name: "Take" }));
    await waitFor(() => expect(taken).toHaveBeenCalledWith("t1"));
    await waitFor(() => expect(asked.filter((each) => each === "GET /api/messages")).toHaveLength(2));
  });

  it("says that somebody else was faster, and reads itself again", async () => {
    answers["POST /api/messages/t1/take"] = refuses("message_taken", "Another agent took this message.");
    render(<MessageTable onTaken={() => undefined} />, { wrapper: Desk });
    fireEvent.click(await screen.findByRole("button", { name: "Take" }));
    answers["GET /api/messages"] = says({ messages: [] });
    await screen.findByText("Another agent took this message.");
    await screen.findByText("No message waits");
  });
});

describe("the player", () => {
  it("plays what was said from an address of this page, which is gone with it", async () => {
    answers["GET /api/messages/t1/sound"] = says({ wav: btoa("RIFF") });
    const forgotten = vi.spyOn(URL, "revokeObjectURL");
    const { unmount } = render(<MessagePlayer ticket="t1" lengthMs={65_000} />, { wrapper: Desk });
    expect(asked).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    fireEvent.change(await screen.findByRole("slider", { name: "Position" }), { target: { value: "12" } });
    expect(screen.getByText("00:12 / 01:05")).toBeTruthy();
    unmount();
    expect(forgotten).toHaveBeenCalledWith("blob:here");
  });

  it("says that the sound is still being fetched", async () => {
    answers["GET /api/messages/t1/sound"] = refuses("sound_not_ready", "");
    render(<MessagePlayer ticket="t1" lengthMs={1} />, { wrapper: Desk });
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await screen.findByText("The sound is being fetched, a moment…");
  });

  it("says why there is no sound", async () => {
    answers["GET /api/messages/t1/sound"] = says({ code: "not_found", message: { zh: "", en: "Not found." } }, 404);
    render(<MessagePlayer ticket="t1" lengthMs={1} />, { wrapper: Desk });
    fireEvent.click(screen.getByRole("button", { name: "Play" }));
    await screen.findByText("Not found.");
  });
});
