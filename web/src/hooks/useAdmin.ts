import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, Refused, take } from "@/lib/api";
import type { AdminConfig, Checked, ConfigData, OldConfig, Publication, TrainedAgent } from "@/lib/contract";
import { heardConfig, rebase, showWrong, startFrom } from "@/lib/admin/draft";

const CONFIG = ["admin-config"] as const;
const AGENTS = ["admin-agents"] as const;

const at = (n: number) => ({ params: { path: { n } } });

/** The version in force; each answer reaches the draft, which keeps what somebody typed. */
export function useAdminConfig(): { config: AdminConfig | undefined; failed: unknown } {
  const query = useQuery({ queryKey: CONFIG, queryFn: () => take(api.GET("/api/admin/config")), refetchOnWindowFocus: "always" });
  const { data } = query;
  useEffect(() => {
    if (data) heardConfig(data);
  }, [data]);
  return { config: data, failed: query.error };
}

export function useVersions(): Publication[] | undefined {
  return useQuery({ queryKey: [...CONFIG, "versions"], queryFn: () => take(api.GET("/api/admin/config/versions")) }).data?.versions;
}

/** One version, which never changes once published. */
export function useVersion(n: number | null): OldConfig | undefined {
  return useQuery({ queryKey: ["admin-version", n], queryFn: () => take(api.GET("/api/admin/config/versions/{n}", at(n ?? 0))), enabled: n !== null && n > 0, staleTime: Infinity }).data;
}

/** Puts a field's refusal beside its field. */
function heardRefusal(error: unknown): void {
  if (error instanceof Refused && error.detail.field && error.detail.expected) showWrong(error.detail.field, error.detail.expected);
}

export function useCheck() {
  return useMutation({
    mutationFn: (body: { version: number; config: ConfigData }): Promise<Checked> => take(api.POST("/api/admin/config/check", { body: { ...body, note: "" } })),
    onError: heardRefusal,
  });
}

function usePublished() {
  const cache = useQueryClient();
  return (now: AdminConfig) => {
    cache.setQueryData(CONFIG, now);
    startFrom(now);
    void cache.invalidateQueries({ queryKey: [...CONFIG, "versions"] });
    void cache.invalidateQueries({ queryKey: ["config"] });
  };
}

export function usePublish() {
  return useMutation({
    mutationFn: (body: { version: number; config: ConfigData; note: string }) => take(api.POST("/api/admin/config", { body })),
    onSuccess: usePublished(),
    onError: heardRefusal,
  });
}

type Blocking = { number: string; what: "block" | "admit"; note: string };

/** Refuses a caller or takes him again, whatever else was published meanwhile. What is typed in the draft stays there. */
export function useBlock() {
  const cache = useQueryClient();
  const send = (version: number, wish: Blocking) => take(api.POST("/api/admin/blocked", { body: { ...wish, version } }));
  return useMutation({
    mutationFn: async ({ version, ...wish }: Blocking & { version: number }): Promise<AdminConfig> => {
      try {
        return await send(version, wish);
      } catch (error) {
        const now = error instanceof Refused && error.code === "stale_version" ? error.detail.published : undefined;
        if (!now) throw error;
        return send(now.version, wish);
      }
    },
    onSuccess: (now) => {
      cache.setQueryData(CONFIG, now);
      rebase(now);
      void cache.invalidateQueries({ queryKey: [...CONFIG, "versions"] });
    },
  });
}

export function useRestore() {
  return useMutation({
    mutationFn: ({ n, version, note }: { n: number; version: number; note: string }) => take(api.POST("/api/admin/config/versions/{n}/restore", { ...at(n), body: { version, note } })),
    onSuccess: usePublished(),
  });
}

/** All agents: page after page until the last; undefined until all are here. */
export function useAgents(): TrainedAgent[] | undefined {
  const query = useInfiniteQuery({
    queryKey: AGENTS,
    queryFn: ({ pageParam }) => take(api.GET("/api/admin/agents", { params: { query: pageParam ? { after: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.after ?? undefined,
  });
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return hasNextPage ? undefined : query.data?.pages.flatMap((page) => page.agents);
}

export function useRetrain() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Pick<TrainedAgent, "id" | "version" | "queues" | "skills">) => take(api.PUT("/api/admin/agents/{id}", { params: { path: { id } }, body })),
    // Also after a refusal: what stands there now is what the next decision begins from.
    onSettled: () => cache.invalidateQueries({ queryKey: AGENTS }),
  });
}

export function useAgentsPhone() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, address }: { id: string; address: string }) => take(api.PUT("/api/admin/agents/{id}/phone", { params: { path: { id } }, body: { address } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: AGENTS }),
  });
}
