/** Whether this page's line is sealed end to end, and by which number both sides can tell that nobody is between. */
import { create } from "zustand";
import { AgentPart, CallerPart, type Say } from "@/lib/agreement";
import { setLineKeys } from "@/lib/sealed";

export interface SealState {
  phase: "none" | "agreeing" | "sealed" | "broken";
  number: string;
}
/** A line that is to be sealed: the contact, this page's part in it, and how to reach the other page. */
export interface SealOrder {
  contact: string;
  caller: boolean;
  say: Say;
}

const NONE: SealState = { phase: "none", number: "" };
const SOON_MS = 400;
/** Agreed: the other page may come anew at any time. */
const LATER_MS = 1_500;

export const useSeal = create<SealState>()(() => NONE);

/** Agrees on keys and keeps them agreed until the returned function is called. */
export function holdSeal({ contact, caller, say }: SealOrder): () => void {
  const part = caller ? new CallerPart(contact, say) : new AgentPart(contact, say);
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async (): Promise<void> => {
    // An answer that was lost is no news; what was agreed holds.
    const found = await part.step().catch(() => null);
    if (over) return;
    if (found !== null && found !== "kept") useSeal.setState(typeof found === "string" ? { phase: found, number: "" } : { phase: "sealed", number: found.number });
    if (found !== null && typeof found !== "string") setLineKeys(contact, found.keys);
    if (found === "broken") setLineKeys(contact, null);
    timer = setTimeout(() => void turn(), useSeal.getState().phase === "sealed" ? LATER_MS : SOON_MS);
  };
  useSeal.setState({ phase: "agreeing", number: "" });
  void turn();
  return () => {
    over = true;
    clearTimeout(timer);
    setLineKeys(contact, null);
    useSeal.setState(NONE);
  };
}
