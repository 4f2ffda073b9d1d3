import { useEffect, useRef, useState } from "react";
import { api, take } from "@/lib/api";
import type { Sounds } from "@/lib/consult";
import type { Door } from "@/lib/contract";
import { closeLine, openLine, renewLine, type LegName } from "@/lib/line";
import { useSeal, type SealOrder } from "@/lib/seal";

const doorOf = (name: LegName, contact: string) => (): Promise<Door> => {
  const params = { path: { id: contact } };
  return take(name === "consult" ? api.POST("/api/contacts/{id}/consult/media", { params }) : api.POST("/api/contacts/{id}/media", { params }));
};

const sealOf = (contact: string): SealOrder => ({
  contact,
  caller: false,
  say: (body) => take(api.POST("/api/contacts/{id}/seal", { params: { path: { id: contact } }, body })),
});

/** Also once more by hand, when the page has given up; what was sealed stays so. */
export const joinContact = (contact: string, name: LegName = "contact", sealed = useSeal.getState().phase !== "none"): void =>
  openLine(doorOf(name, contact), name, sealed ? sealOf(contact) : null);

/**
 * Carries the sound that the floor says is ours, and no other. Of several tabs one does: a second leg would replace the
 * first, which would join again, without end.
 */
export function useAgentLine({ contact, as, consult, sealed }: Sounds): void {
  const mine = useOneTab(contact !== null || consult !== null);
  useLeg("consult", mine ? consult : null, as, false);
  useLeg("contact", mine ? contact : null, as, sealed);
}

/** Whether this tab is the one that carries the sound, while there is any. */
function useOneTab(wanted: boolean): boolean {
  const [mine, setMine] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    const left = new AbortController();
    const carry = () =>
      new Promise<void>((done) => {
        setMine(true);
        left.signal.addEventListener("abort", () => done());
      });
    const leave = () => {
      left.abort();
      setMine(false);
    };
    void navigator.locks.request("hearthline-line", { signal: left.signal }, carry).catch(() => undefined);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [wanted]);
  return mine && wanted;
}

/** One leg while `contact` is named. Who becomes the contact's agent joins anew as that, beside the old leg until it is live. */
function useLeg(name: LegName, contact: string | null, as: Sounds["as"], sealed: boolean): void {
  const joined = useRef({ contact, as });
  useEffect(() => {
    if (contact === null) return;
    const close = () => closeLine(name);
    joinContact(contact, name, sealed);
    window.addEventListener("pagehide", close);
    return () => {
      window.removeEventListener("pagehide", close);
      close();
    };
  }, [name, contact, sealed]);
  useEffect(() => {
    const before = joined.current;
    joined.current = { contact, as };
    if (name === "contact" && contact !== null && before.contact === contact && before.as !== as) renewLine(doorOf(name, contact), name);
  }, [name, contact, as]);
}
