import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/lib/api";
import type { ConfigData, Trial, TrialDetail } from "@/lib/contract";

const TRIALS = ["admin-trials"] as const;
/** A trial takes seconds to minutes; while one is open the page looks again. */
const LOOK_AGAIN_MS = 2_000;
const isOpen = (trial: Trial): boolean => trial.state === "asked" || trial.state === "running";

export function useTrials(): { yesterday: string; trials: Trial[] } | undefined {
  return useQuery({
    queryKey: TRIALS,
    queryFn: () => take(api.GET("/api/admin/trials")),
    refetchInterval: ({ state }) => (state.data?.trials.some(isOpen) ? LOOK_AGAIN_MS : false),
  }).data;
}

export function useTrial(id: string | null): TrialDetail | undefined {
  return useQuery({
    queryKey: [...TRIALS, id],
    queryFn: () => take(api.GET("/api/admin/trials/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data.trial) ? LOOK_AGAIN_MS : false),
  }).data;
}

export interface TrialWish {
  day: string;
  against: number;
  version?: number;
  config?: ConfigData;
}

export function useAskTrial() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: TrialWish) => take(api.POST("/api/admin/trials", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: TRIALS }),
  });
}
