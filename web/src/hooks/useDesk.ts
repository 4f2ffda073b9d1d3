import { create } from "zustand";

export type PhoneTab = "call" | "ticket" | "assist";

/** What is open on this screen: local, shared by parts of the workspace, forgotten with the page. */
export interface Desk {
  /** Ticket chosen in the queue column, null = the one of the contact. */
  chosen: string | null;
  tab: PhoneTab;
  drawer: boolean;
  help: boolean;
}

export const useDesk = create<Desk>()(() => ({ chosen: null, tab: "call", drawer: false, help: false }));
export const setDesk = (change: Partial<Desk>): void => useDesk.setState(change);
