import { useQuery } from "@tanstack/react-query";
import { api, take } from "@/lib/api";

/** Below "floor", so that news of one-way audio reads it anew at once. */
export const useContactLine = (contact: string, everyMs: number) =>
  useQuery({
    queryKey: ["floor", "line", contact],
    queryFn: () => take(api.GET("/api/contacts/{id}/line", { params: { path: { id: contact } } })),
    refetchInterval: everyMs,
    retry: false,
    gcTime: 0,
  });
