import { create } from "zustand";
import type { Aftermath } from "@/lib/consult";

export type PhoneTab = "call" | "ticket" | "assist";
/** For what a colleague or a queue is being chosen. */
export type Giving = "transfer" | "conference";

/** What is open on this screen: local, shared by parts of the workspace, forgotten with the page. */
export interface Desk {
  /** Ticket chosen in the queue column, null = the one of the contact. */
  chosen: string | null;
  tab: PhoneTab;
  drawer: boolean;
  help: boolean;
  giving: Giving | null;
  /** What a consult that is over left behind. */
  aftermath: Aftermath | null;
}

export const useDesk = create<Desk>()(() => ({ chosen: null, tab: "call", drawer: false, help: false, giving: null, aftermath: null }));
export const setDesk = (change: Partial<Desk>): void => useDesk.setState(change);
