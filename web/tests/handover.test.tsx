// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setDesk } from "@/hooks/useDesk";
import { useAftermath } from "@/hooks/useAftermath";
import type { Consult, Snapshot } from "@/lib/contract";
import { useLine } from "@/lib/line";
import { SILENT } from "@/lib/quality";

const floor = (consult: Pick<Consult, "mine" | "state"> | null, state: "held" | "connected" = "held"): Snapshot => ({
  now: 0, offer: null, waiting: 0, phone: null, watchers: [],
  agent: { id: "a", login: "1001", name: "", state: "on_contact", reason: null, since: 0, version: 7, queues: [], calls_today: 0, sound: { by: "headset", shown: "" } },
  contact: {
    id: "c1", state, channel: "phone", matter: "outage", queue: "broadband", lang: "zh", caller: "", queued_at: 0, connected_at: 0,
    ended_at: null, ended_by: null, given_by: null, wrap_up_ends_at: null, unrecorded_until: null, version: 4, ticket: null, edge: null, sealed: false,
  },
  consult: consult && { ...consult, other: { id: "b", name: "周宁" }, until: null },
});

let sent: string[];
beforeEach(() => {
  sent = [];
  vi.stubGlobal("fetch", (request: Request) => (sent.push(new URL(request.url).pathname), Promise.resolve(new Response(JSON.stringify(floor(null, "connected"))))));
});
afterEach(() => {
  cleanup();
  setDesk({ aftermath: null });
  useLine.setState({ legs: {} });
  vi.unstubAllGlobals();
});

const soundIs = (phase: "joining" | "live") => useLine.setState({ legs: { contact: { phase, quality: SILENT } } });

function Page({ floor }: { floor: Snapshot }) {
  useAftermath(floor);
  return null;
}

function page() {
  const cache = new QueryClient();
  const at = (view: Snapshot) => <QueryClientProvider client={cache}><Page floor={view} /></QueryClientProvider>;
  const { rerender } = render(at(floor({ mine: false, state: "talking" })));
  return (view: Snapshot) => rerender(at(view));
}

describe("a customer who is handed over on hold", () => {
  it("is taken back by the page once its sound is up, and only once", async () => {
    const show = page();
    show(floor(null));
    soundIs("joining");
    expect(sent).toEqual([]);
    soundIs("live");
    await waitFor(() => expect(sent).toEqual(["/api/contacts/c1/resume"]));
    show(floor(null));
    show(floor(null, "connected"));
    expect(sent).toHaveLength(1);
  });

  it("is left alone where the agent holds his own customer", () => {
    const show = page();
    show(floor({ mine: true, state: "talking" }));
    show(floor(null));
    soundIs("live");
    expect(sent).toEqual([]);
  });
});
