// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, describe, expect, it } from "vitest";
import { AgentRow } from "@/features/admin/AgentRow";
import { DraftBar } from "@/features/admin/DraftBar";
import { NeedEditor } from "@/features/admin/NeedEditor";
import { QueuesSection } from "@/features/admin/QueuesSection";
import { startFrom, showWrong, useDraft } from "@/lib/admin/draft";
import type { Need } from "@/lib/admin/need";
import type { AdminConfig, ConfigData, TrainedAgent } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

const plain = { policy: {}, priority: 5, calendar: "", closed: "message", overflow_to: "", overflow_after_s: 0, sealed: false };
const data: ConfigData = {
  monitoring_notice: "all", calendars: [], numbers: [], blocked: [],
  company: { zh: "云杉", en: "Spruce" },
  queues: [{ ...plain, id: "broadband", zh: "宽带", en: "Broadband" }, { ...plain, id: "billing", zh: "账务", en: "Billing" }],
  matters: [], reasons: [], wrap_up_codes: [], skills: [{ id: "fiber", zh: "光纤", en: "Fibre" }, { id: "vip", zh: "贵宾", en: "VIP" }],
};
const base: AdminConfig = {
  publication: { version: 3, at: 0, who: "Adam", note: "", restored: 0 }, config: data,
  defaults: { steps: [{ after_s: 0, need: { all: [] }, lang: 1, subject: 1, matter_need: true }], weights: { idle: 25, proximity: 0 }, ageing_s: 60, prior_contacts: 20, prior_percent: 70, messages: 3 },
  features: [{ id: "idle", zh: "空闲", en: "Time free", measured: true }, { id: "proximity", zh: "距离", en: "Distance", measured: false }],
  bounds: { steps: 3, after_s: 3600, weight: 100, ageing_s: 3600, prior_contacts: 1000, messages: 10, level: 5 },
};

function Office({ role = "admin", children }: { role?: string; children: ReactNode }) {
  const [cache] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } }));
  cache.setQueryData(["session"], { id: "p1", name: "Adam", role, lang: "en" });
  return (
    <QueryClientProvider client={cache}>
      <MemoryRouter>{children}</MemoryRouter>
    </QueryClientProvider>
  );
}

function Queues() {
  const config = useDraft((draft) => draft.config);
  return config && <QueuesSection config={config} base={base} />;
}

setPrefs({ lang: "en" });
afterEach(cleanup);

describe("the queues", () => {
  it("can be changed by an administrator, and the bar counts what is unpublished", () => {
    startFrom(base);
    render(<Office><DraftBar base={base} /><Queues /></Office>);
    expect(screen.getByText("Same as the version in force")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Priority", { selector: "select" }), { target: { value: "2" } });
    fireEvent.change(screen.getByLabelText("Time free"), { target: { value: "80" } });
    expect(screen.getByText("2 changes not published")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Priority", { selector: "select" }), { target: { value: "5" } });
    fireEvent.change(screen.getByLabelText("Time free"), { target: { value: "25" } });
    expect(screen.getByText("Same as the version in force")).toBeTruthy();
  });

  it("show a supervisor everything and let him change nothing", () => {
    startFrom(base);
    render(<Office role="supervisor"><DraftBar base={base} /><Queues /></Office>);
    expect(screen.getByText(/Read only/)).toBeTruthy();
    expect(screen.getByLabelText("Time free").matches(":disabled")).toBe(true);
    expect(screen.queryByText(/Add queue/)).toBeNull();
  });

  it("say of a feature that nobody measures why it cannot be weighed", () => {
    startFrom(base);
    render(<Office><Queues /></Office>);
    expect(screen.getByLabelText("Distance").matches(":disabled")).toBe(true);
    expect(screen.getByText("nothing measures it yet")).toBeTruthy();
  });

  it("grow by steps up to the bound, each a row, the first of which stays", () => {
    startFrom(base);
    render(<Office><Queues /></Office>);
    fireEvent.click(screen.getByText("＋ Add step"));
    fireEvent.click(screen.getByText("＋ Add step"));
    expect(screen.queryByText("＋ Add step")).toBeNull();
    expect(useDraft.getState().config?.queues[0]?.policy["steps"]).toHaveLength(3);
    expect(screen.queryByLabelText("Remove step 1")).toBeNull();
    fireEvent.click(screen.getByLabelText("Remove step 2"));
    expect(useDraft.getState().config?.queues[0]?.policy["steps"]).toHaveLength(2);
  });

  it("put what the server found wrong beside its field", () => {
    startFrom(base);
    render(<Office><Queues /></Office>);
    showWrong("config.queues.1.zh", { zh: "1 至 64 个字符", en: "1 to 64 characters" });
    cleanup();
    render(<Office><Queues /></Office>);
    const field = screen.getByLabelText("Chinese");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe("1 to 64 characters");
    expect(screen.getByRole("heading", { level: 2 }).textContent).toBe("Billing");
  });
});

describe("a need", () => {
  function Editor({ first }: { first: Need }) {
    const [need, set] = useState(first);
    return <><NeedEditor need={need} path="need" onChange={set} /><output>{JSON.stringify(need)}</output></>;
  }
  const said = () => JSON.parse(document.querySelector("output")?.textContent ?? "") as Need;

  it("is put together from chips with the keyboard alone: and, or, away", () => {
    startFrom(base);
    render(<Office><Editor first={{ all: [] }} /></Office>);
    fireEvent.click(screen.getByText("＋ Add a need"));
    fireEvent.change(screen.getByLabelText("Lowest level"), { target: { value: "3" } });
    fireEvent.click(screen.getByText("or…"));
    fireEvent.change(screen.getAllByLabelText("Skill")[1] as HTMLElement, { target: { value: "vip" } });
    fireEvent.click(screen.getByText("＋ And another need"));
    expect(said()).toEqual({ all: [{ any: [{ skill: "fiber", at_least: 3 }, { skill: "vip", at_least: 1 }] }, { skill: "fiber", at_least: 1 }] });
    fireEvent.click(screen.getAllByLabelText("Remove this need")[2] as HTMLElement);
    fireEvent.click(screen.getAllByLabelText("Remove this need")[0] as HTMLElement);
    expect(said()).toEqual({ skill: "vip", at_least: 1 });
  });

  it("that is nested too deep is shown and not broken", () => {
    startFrom(base);
    render(<Office><Editor first={{ any: [{ all: [{ skill: "fiber", at_least: 2 }, { skill: "vip", at_least: 1 }] }] }} /></Office>);
    expect(screen.getByText("Fibre ≥ 2 and VIP ≥ 1")).toBeTruthy();
    expect(screen.queryByLabelText("Skill")).toBeNull();
  });
});

describe("an agent's row", () => {
  const ana: TrainedAgent = { id: "a1", login: "1001", name: "Ana", state: "available", since: 0, queues: { broadband: 5 }, skills: { zh: 5, en: 0 }, version: 2, sound: { by: "phone", shown: "139****1111" } };
  const columns = [{ group: "queues" as const, id: "broadband", name: "Broadband" }, { group: "queues" as const, id: "billing", name: "Billing" }, { group: "skills" as const, id: "en", name: "English" }];
  const row = (role = "admin") => render(<Office role={role}><table><tbody><AgentRow agent={ana} columns={columns} /></tbody></table></Office>);

  it("offers to save only what differs, and can take it back", () => {
    row();
    const billing = screen.getByLabelText("Ana: level in Billing");
    expect(screen.queryByText("Save")).toBeNull();
    fireEvent.change(billing, { target: { value: "3" } });
    expect(screen.getByText("Save")).toBeTruthy();
    fireEvent.click(screen.getByText("Undo"));
    expect(screen.queryByText("Save")).toBeNull();
  });

  it("is read only for who may not write", () => {
    row("manager");
    expect(within(screen.getByRole("row")).getAllByRole("combobox").every((each) => (each as HTMLSelectElement).disabled)).toBe(true);
  });
});
