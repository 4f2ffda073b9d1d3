import { useQuery } from "@tanstack/react-query";
import { api, take } from "@/lib/api";

/** Who is free changes by the second; a list that is looked at is read again so often. */
const FRESH_MS = 4_000;

/** Where a contact may go on to, as long as somebody looks. */
export function useTargets(contact: string) {
  return useQuery({
    queryKey: ["targets", contact],
    queryFn: () => take(api.GET("/api/contacts/{id}/targets", { params: { path: { id: contact } } })),
    refetchInterval: FRESH_MS,
    gcTime: 0,
  });
}
