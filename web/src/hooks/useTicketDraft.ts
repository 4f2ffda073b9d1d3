import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, Refused, take } from "@/lib/api";
import { serverNow } from "@/lib/clock";
import type { Ticket } from "@/lib/contract";
import { isDirty, moveDraft, openDraft, valuesOf, type Draft, type DraftMove } from "@/lib/ticketDraft";

/** Typing pauses this long before it is saved; after a failure it is tried again this much later. */
const SAVE_AFTER_MS = 800;
const RETRY_AFTER_MS = 5_000;

const path = (id: string) => ({ params: { path: { id } } });

/** One ticket under the agent's hands: values to show, `type` to change one, `flush` to save now (gives the stored ticket). */
export function useTicketDraft(ticket: Ticket) {
  const cache = useQueryClient();
  const [draft, show] = useState<Draft>(() => openDraft(ticket));
  // The newest draft, also between two renders: a save that follows another starts from what the first one stored.
  const latest = useRef(draft);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const move = useCallback((step: DraftMove) => {
    latest.current = moveDraft(latest.current, step);
    show(latest.current);
  }, []);
  useEffect(() => move({ what: "opened", ticket }), [move, ticket]);

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
  }, [cache, move]);

  /** One save at a time: each needs the version that the one before it left. */
  const flush = useCallback((): Promise<Ticket> => {
    const mine = line.current.then(save, save);
    line.current = mine;
    return mine;
  }, [save]);

  useSaving(draft, flush, latest);
  const type = (field: string, value: unknown) => move({ what: "typed", field, value });
  return { draft, values: valuesOf(draft), type, flush };
}

/** Saves after a pause, when the page is hidden, and when the form is left. */
function useSaving(draft: Draft, flush: () => Promise<Ticket>, latest: { current: Draft }): void {
  const waiting = isDirty(draft) && draft.sending === null;
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => void flush().catch(() => undefined), draft.failed ? RETRY_AFTER_MS : SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting, draft.edits, draft.failed, flush]);

  useEffect(() => {
    const now = () => {
      if (isDirty(latest.current)) void flush().catch(() => undefined);
    };
    document.addEventListener("visibilitychange", now);
    return () => {
      document.removeEventListener("visibilitychange", now);
      now();
    };
  }, [flush, latest]);
}
