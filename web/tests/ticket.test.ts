import { describe, expect, it } from "vitest";
import type { Ticket } from "@/lib/contract";
import { isDirty, moveDraft, openDraft, valuesOf } from "@/lib/ticketDraft";
import { fieldsOf, missingFields } from "@/lib/ticketSchema";

const ticket = (version: number, fields: Ticket["fields"] = {}, id = "t1"): Ticket => ({
  id, contact: "c1", state: "draft", matter: "outage", owner: "a", fields, version, opened_at: 0, updated_at: 0, missing: [], message_ms: 0, history: [],
});

describe("a ticket being written", () => {
  it("shows what is typed over what is on its way over what is stored", () => {
    let draft = moveDraft(openDraft(ticket(1, { notes: "stored", account: "1" })), { what: "typed", field: "notes", value: "sent" });
    draft = moveDraft(draft, { what: "sent" });
    draft = moveDraft(draft, { what: "typed", field: "notes", value: "typed" });
    expect(valuesOf(draft)).toEqual({ notes: "typed", account: "1" });
    expect(valuesOf(moveDraft(draft, { what: "saved", ticket: ticket(2, { notes: "sent", account: "1" }), at: 5 }))).toEqual({ notes: "typed", account: "1" });
  });

  it("is clean once everything typed is stored", () => {
    let draft = moveDraft(openDraft(ticket(1)), { what: "typed", field: "notes", value: "x" });
    expect(isDirty(draft)).toBe(true);
    draft = moveDraft(moveDraft(draft, { what: "sent" }), { what: "saved", ticket: ticket(2, { notes: "x" }), at: 5 });
    expect([isDirty(draft), draft.savedAt, draft.ticket.version]).toEqual([false, 5, 2]);
  });

  it("keeps what was typed when a save is lost, to send it again", () => {
    const lost = moveDraft(moveDraft(moveDraft(openDraft(ticket(1)), { what: "typed", field: "notes", value: "x" }), { what: "sent" }), { what: "lost" });
    expect([lost.edits, lost.failed]).toEqual([{ notes: "x" }, true]);
  });

  it("lays what was typed over a newer version that somebody else wrote", () => {
    const sent = moveDraft(moveDraft(openDraft(ticket(1)), { what: "typed", field: "notes", value: "mine" }), { what: "sent" });
    const heard = moveDraft(sent, { what: "heard", ticket: ticket(4, { notes: "theirs", account: "9" }) });
    expect([valuesOf(heard), heard.ticket.version, isDirty(heard)]).toEqual([{ notes: "mine", account: "9" }, 4, true]);
  });

  it("never goes back to an older version, and starts anew with another ticket", () => {
    const draft = openDraft(ticket(5, { notes: "new" }));
    expect(moveDraft(draft, { what: "opened", ticket: ticket(3, { notes: "old" }) }).ticket.version).toBe(5);
    expect(moveDraft(draft, { what: "opened", ticket: ticket(1, {}, "t2") }).ticket.id).toBe("t2");
  });
});

const schema = {
  type: "object",
  required: ["account", "scope", "urgent"],
  properties: {
    account: { type: "string", maxLength: 32, "x-zh": "宽带账号", "x-en": "Account" },
    scope: { oneOf: [{ const: "all", "x-zh": "全屋", "x-en": "All" }, { const: "some", "x-zh": "部分", "x-en": "Some" }], "x-zh": "范围", "x-en": "Scope" },
    level: { enum: ["low", "high"], "x-enum": { low: { zh: "低", en: "Low" } }, title: "Level" },
    began: { type: "string", format: "date-time" },
    urgent: { type: "boolean" },
    count: { type: "integer" },
    notes: { type: "string", maxLength: 500 },
  },
};

describe("the form drawn from a schema", () => {
  it("finds a control for each kind of field, in the schema's order", () => {
    expect(fieldsOf(schema, "outage").map((field) => `${field.name} ${field.kind}`)).toEqual([
      "account text", "scope choice", "level choice", "began date", "urgent yes_no", "count number", "notes long",
    ]);
  });

  it("takes titles in both languages and falls back to what there is", () => {
    const [account, scope, level, began] = fieldsOf(schema, "outage");
    expect(account?.title).toEqual({ zh: "宽带账号", en: "Account" });
    expect(scope?.choices[0]).toEqual({ value: "all", zh: "全屋", en: "All" });
    expect(level?.choices).toEqual([{ value: "low", zh: "低", en: "Low" }, { value: "high", zh: "high", en: "high" }]);
    expect(began?.title).toEqual({ zh: "began", en: "began" });
  });

  it("misses required fields that are empty and those the server names, and takes No for an answer", () => {
    const fields = fieldsOf(schema, "outage");
    expect(missingFields(fields, { account: "  ", urgent: false }).map((field) => field.name)).toEqual(["account", "scope"]);
    expect(missingFields(fields, { account: "1", scope: "all", urgent: true }, ["notes"]).map((field) => field.name)).toEqual(["notes"]);
  });

  it("shows a matter only its own fields, and asks for what that matter must have", () => {
    const mine = { properties: { both: {}, light: { "x-matters": ["outage"], "x-required-for": ["outage"] }, month: { "x-matters": ["billing"] } } };
    expect(fieldsOf(mine, "outage").map((field) => `${field.name} ${field.required}`)).toEqual(["both false", "light true"]);
    expect(fieldsOf(mine, "billing").map((field) => field.name)).toEqual(["both", "month"]);
  });

  it.each([null, 5, {}, { properties: [] }])("draws nothing from %j", (broken) => {
    expect(fieldsOf(broken, "outage")).toEqual([]);
  });
});
