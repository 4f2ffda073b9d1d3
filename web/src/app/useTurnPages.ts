import { setDesk, useDesk } from "@/hooks/useDesk";
import { useTickets } from "@/hooks/useTickets";
import type { Snapshot } from "@/lib/contract";

/** Alt+J and Alt+K: down and up the queue column, the contact in hand first. */
export function useTurnPages(floor: Snapshot): { next: () => void; previous: () => void } {
  const tickets = useTickets() ?? [];
  const inHand = floor.contact?.ticket ?? null;
  const todo = tickets.filter((each) => each.state === "draft" && each.id !== inHand).map((each) => each.id);
  const stops: (string | null)[] = floor.contact ? [null, ...todo] : todo;
  const turn = (step: number) => () => {
    const at = stops.indexOf(useDesk.getState().chosen);
    const to = stops.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % stops.length);
    if (to !== undefined) setDesk({ chosen: to });
  };
  return { next: turn(1), previous: turn(-1) };
}
