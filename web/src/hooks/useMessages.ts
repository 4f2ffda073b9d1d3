import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, Refused, take } from "@/lib/api";
import type { Message } from "@/lib/contract";

const REFETCH_MS = 30_000;
/** The sound is fetched from the carrier a moment after the message was left. */
const RETRY_MS = 3_000;
const TRIES = 20;

/** Messages in the agent's queues that nobody took yet, oldest first; undefined while loading. */
export function useMessages(): Message[] | undefined {
  const query = useQuery({ queryKey: ["messages"], queryFn: () => take(api.GET("/api/messages")), refetchInterval: REFETCH_MS });
  return query.data?.messages;
}

/** The message's ticket becomes this agent's; whoever was slower reads the list again. */
export function useTakeMessage() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => take(api.POST("/api/messages/{id}/take", { params: { path: { id } } })),
    onSuccess: (ticket) => cache.setQueryData(["ticket", ticket.id], ticket),
    onSettled: () => Promise.all(["messages", "tickets"].map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  });
}

const isFetching = (error: unknown): boolean => error instanceof Refused && error.code === "sound_not_ready";

const wavOf = (base64: string): Blob => new Blob([Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))], { type: "audio/wav" });

/** The sound of an own ticket's message, fetched when it is `wanted`: each fetch is noted as one listening. As an address of this page alone; it is gone with the player. */
export function useSound(id: string, wanted: boolean): { url: string | null; waits: boolean; error: unknown } {
  const { data, error, failureReason } = useQuery({
    queryKey: ["sound", id],
    enabled: wanted,
    queryFn: () => take(api.GET("/api/messages/{id}/sound", { params: { path: { id } } })),
    retry: (tries, failed) => isFetching(failed) && tries < TRIES,
    retryDelay: RETRY_MS,
    gcTime: 0,
    staleTime: Infinity,
  });
  const url = useMemo(() => data && URL.createObjectURL(wavOf(data.wav)), [data]);
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);
  return { url: url ?? null, waits: isFetching(failureReason), error };
}
