import { useEffect } from "react";
import { api, take } from "@/lib/api";
import { closeLine, openLine } from "@/lib/line";

export const joinContact = (contact: string): void =>
  openLine(() => take(api.POST("/api/contacts/{id}/media", { params: { path: { id: contact } } })));

/**
 * Carries the sound of the contact that the floor says is ours, and of no other. Of several tabs one does: a second leg
 * would replace the first, which would join again, without end.
 */
export function useAgentLine(contact: string | null): void {
  useEffect(() => {
    if (contact === null) return;
    const left = new AbortController();
    const carry = () =>
      new Promise<void>((done) => {
        joinContact(contact);
        left.signal.addEventListener("abort", () => {
          closeLine();
          done();
        });
      });
    const leave = () => left.abort();
    void navigator.locks.request("hearthline-line", { signal: left.signal }, carry).catch(() => undefined);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [contact]);
}
