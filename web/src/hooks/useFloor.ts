import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { api, take } from "@/lib/api";
import { hearServerTime } from "@/lib/clock";
import type { Snapshot } from "@/lib/contract";
import { newest } from "@/lib/floor";
import { useLive } from "@/hooks/useLive";

export const FLOOR = ["floor"] as const;
/** Without the socket the page asks by itself. */
const BLIND_POLL_MS = 4_000;

function heard(snapshot: Snapshot): Snapshot {
  hearServerTime(snapshot.now);
  return snapshot;
}

export const holdFloor = (cache: QueryClient, snapshot: Snapshot): void => {
  cache.setQueryData<Snapshot>(FLOOR, (held) => newest(held, heard(snapshot)));
};

/** The agent's view of the floor, undefined until the first answer. */
export function useFloor(): Snapshot | undefined {
  const live = useLive((state) => state.socket === "open");
  return useQuery({
    queryKey: FLOOR,
    queryFn: async () => heard(await take(api.GET("/api/me/floor"))),
    structuralSharing: (held, next) => newest(held as Snapshot | undefined, next as Snapshot),
    refetchInterval: live ? false : BLIND_POLL_MS,
    refetchOnWindowFocus: "always",
    refetchOnReconnect: "always",
  }).data;
}

export type Command =
  | { do: "available" | "offline" }
  | { do: "not_ready"; reason: "break" | "training" | "other" }
  | { do: "accept" | "decline"; offer: string }
  | { do: "hold" | "resume" | "hangup" | "leave" | "ring_phone"; contact: string }
  | { do: "pause_recording" | "resume_recording"; contact: string }
  | { do: "transfer"; contact: string; queue: string; agent?: string }
  | { do: "consult"; contact: string; agent: string }
  | { do: "complete" | "conference" | "cancel"; contact: string }
  | { do: "wrap_up"; contact: string; code: string };

type Giving = Extract<Command, { do: "transfer" | "consult" | "complete" | "conference" | "cancel" }>;

/** What brings in a colleague, or gives the contact on. */
function give(command: Giving): Promise<Snapshot> {
  const params = { path: { id: command.contact } };
  switch (command.do) {
    case "transfer":
      return take(api.POST("/api/contacts/{id}/transfer", { params, body: { queue: command.queue, agent: command.agent ?? null } }));
    case "consult":
      return take(api.POST("/api/contacts/{id}/consult", { params, body: { agent: command.agent } }));
    case "complete":
      return take(api.POST("/api/contacts/{id}/consult/complete", { params }));
    case "conference":
      return take(api.POST("/api/contacts/{id}/consult/conference", { params }));
    case "cancel":
      return take(api.POST("/api/contacts/{id}/consult/cancel", { params }));
  }
}

function send(command: Command): Promise<Snapshot> {
  switch (command.do) {
    case "available":
    case "offline":
      return take(api.POST("/api/me/status", { body: { status: command.do } }));
    case "not_ready":
      return take(api.POST("/api/me/status", { body: { status: "not_ready", reason: command.reason } }));
    case "accept":
      return take(api.POST("/api/offers/{id}/accept", { params: { path: { id: command.offer } } }));
    case "decline":
      return take(api.POST("/api/offers/{id}/decline", { params: { path: { id: command.offer } } }));
    case "hold":
      return take(api.POST("/api/contacts/{id}/hold", { params: { path: { id: command.contact } } }));
    case "resume":
      return take(api.POST("/api/contacts/{id}/resume", { params: { path: { id: command.contact } } }));
    case "hangup":
      return take(api.POST("/api/contacts/{id}/hangup", { params: { path: { id: command.contact } } }));
    case "leave":
      return take(api.POST("/api/contacts/{id}/leave", { params: { path: { id: command.contact } } }));
    case "pause_recording":
      return take(api.POST("/api/contacts/{id}/recording/pause", { params: { path: { id: command.contact } } }));
    case "resume_recording":
      return take(api.POST("/api/contacts/{id}/recording/resume", { params: { path: { id: command.contact } } }));
    case "ring_phone":
      return take(api.POST("/api/contacts/{id}/phone", { params: { path: { id: command.contact } } }));
    case "transfer":
    case "consult":
    case "complete":
    case "conference":
    case "cancel":
      return give(command);
    case "wrap_up":
      return take(api.POST("/api/contacts/{id}/wrap-up", { params: { path: { id: command.contact } }, body: { code: command.code } }));
  }
}

/** Sends a command; its answer is the new floor. A refusal means the page was behind: it reads the floor again. */
export function useCommand() {
  const cache = useQueryClient();
  return useMutation({
    mutationKey: ["command"],
    mutationFn: send,
    onSuccess: (snapshot) => holdFloor(cache, snapshot),
    onError: () => cache.invalidateQueries({ queryKey: FLOOR }),
  });
}
