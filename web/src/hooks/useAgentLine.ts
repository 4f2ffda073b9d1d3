import { useEffect } from "react";
import { api, take } from "@/lib/api";
import { closeLine, openLine } from "@/lib/line";

export const joinContact = (contact: string): void =>
  openLine(() => take(api.POST("/api/contacts/{id}/media", { params: { path: { id: contact } } })));

/** Carries the sound of the contact that the floor says is ours, and of no other. */
export function useAgentLine(contact: string | null): void {
  useEffect(() => {
    if (contact === null) return;
    joinContact(contact);
    const leave = () => closeLine();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      closeLine();
    };
  }, [contact]);
}
