import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, Refused, take } from "@/lib/api";
import type { Person } from "@/lib/contract";

const SESSION = ["session"] as const;

/** Who is signed in: undefined while unknown, null when nobody is. */
export function useSession(): { person: Person | null | undefined; failed: boolean } {
  const query = useQuery({
    queryKey: SESSION,
    queryFn: async () => {
      try {
        return (await take(api.GET("/api/session"))).person;
      } catch (error) {
        if (error instanceof Refused && (error.status === 401 || error.status === 403)) return null;
        throw error;
      }
    },
    staleTime: Infinity,
    retry: 2,
  });
  return { person: query.data, failed: query.isError };
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { login: string; password: string }) => take(api.POST("/api/session", { body })),
    onSuccess: ({ person }) => cache.setQueryData(SESSION, person),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.DELETE("/api/session")),
    onSettled: () => {
      cache.clear();
      cache.setQueryData(SESSION, null);
    },
  });
}
