import { useQuery } from "@tanstack/react-query";
import { api, take } from "@/lib/api";
import { hearServerTime } from "@/lib/clock";
import type { TeamCalls } from "@/lib/contract";

export const TEAM_CALLS = ["team", "calls"] as const;
const REFETCH_MS = 5_000;

/** The conversations of the team, undefined while loading; `at` is this computer's time of the last answer, ms. */
export function useTeamCalls(): { told: TeamCalls | undefined; at: number; error: unknown } {
  const { data, dataUpdatedAt, error } = useQuery({
    queryKey: TEAM_CALLS,
    queryFn: async () => {
      const told = await take(api.GET("/api/team/calls"));
      hearServerTime(told.now);
      return told;
    },
    refetchInterval: REFETCH_MS,
    refetchOnWindowFocus: "always",
  });
  return { told: data, at: dataUpdatedAt, error };
}
