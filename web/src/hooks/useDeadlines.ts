import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { serverNow } from "@/lib/clock";
import type { Snapshot } from "@/lib/contract";

/** The server ends a ring or a wrap-up a little after its time; then the page looks, also when no news came. */
const GRACE_MS = 700;

export function useDeadlines(floor: Snapshot | undefined): void {
  const cache = useQueryClient();
  const end = floor?.offer?.expires_at ?? floor?.consult?.until ?? floor?.contact?.wrap_up_ends_at ?? null;
  useEffect(() => {
    if (end === null) return;
    const timer = setTimeout(() => void cache.invalidateQueries({ queryKey: ["floor"] }), Math.max(0, end - serverNow()) + GRACE_MS);
    return () => clearTimeout(timer);
  }, [cache, end]);
}
