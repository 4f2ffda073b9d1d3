import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, take } from "@/lib/api";
import type { Ticket } from "@/lib/contract";

/** The agent's own tickets, newest first; undefined while loading. */
export function useTickets(): Ticket[] | undefined {
  const query = useQuery({ queryKey: ["tickets"], queryFn: () => take(api.GET("/api/tickets")) });
  return query.data?.tickets.toSorted((a, b) => b.updated_at - a.updated_at);
}

export function useTicket(id: string | null): Ticket | undefined {
  const cache = useQueryClient();
  return useQuery({
    queryKey: ["ticket", id],
    queryFn: () => take(api.GET("/api/tickets/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== null,
    placeholderData: () => cache.getQueryData<{ tickets: Ticket[] }>(["tickets"])?.tickets.find((each) => each.id === id),
  }).data;
}

export function useSubmitTicket() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }: Pick<Ticket, "id" | "version">) =>
      take(api.POST("/api/tickets/{id}/submit", { params: { path: { id } }, body: { version } })),
    onSuccess: (ticket) => cache.setQueryData(["ticket", ticket.id], ticket),
    onSettled: () => cache.invalidateQueries({ queryKey: ["tickets"] }),
  });
}
