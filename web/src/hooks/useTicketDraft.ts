import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { api, Refused, take } from "@/lib/api";
import { serverNow } from "@/lib/clock";
import type { Ticket } from "@/lib/contract";
import { isDirty, moveDraft, openDraft, valuesOf, type Draft } from "@/lib/ticketDraft";

/** Typing pauses this long before it is saved; after a failure it is tried again this much later. */
const SAVE_AFTER_MS = 800;
const RETRY_AFTER_MS = 5_000;

const path = (id: string) => ({ params: { path: { id } } });

/** One ticket under the agent's hands: values to show, `type` to change one, `flush` to save now (gives the stored ticket). */
export function useTicketDraft(ticket: Ticket) {
  const cache = useQueryClient();
  const [draft, move] = useReducer(moveDraft, ticket, openDraft);
  const latest = useRef<Draft>(draft);
  useEffect(() => void (latest.current = draft), [draft]);
  useEffect(() => move({ what: "opened", ticket }), [ticket]);

  const save = useCallback(async (): Promise<Ticket> => {
    const { ticket: base, edits } = latest.current;
    if (!isDirty(latest.current)) return base;
    move({ what: "sent" });
    try {
      const stored = await take(api.PATCH("/api/tickets/{id}", { ...path(base.id), body: { version: base.version, fields: edits } }));
      move({ what: "saved", ticket: stored, at: serverNow() });
      cache.setQueryData(["ticket", stored.id], stored);
      return stored;
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "stale_version") move({ what: "lost" });
      else move({ what: "heard", ticket: await take(api.GET("/api/tickets/{id}", path(base.id))).catch(() => base) });
      throw error;
    }
  }, [cache]);

  const waiting = isDirty(draft) && draft.sending === null;
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => void save().catch(() => undefined), draft.failed ? RETRY_AFTER_MS : SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting, draft.edits, draft.failed, save]);

  return { draft, values: valuesOf(draft), type: (field: string, value: unknown) => move({ what: "typed", field, value }), flush: save };
}
