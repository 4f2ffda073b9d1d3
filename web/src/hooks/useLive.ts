import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { create } from "zustand";
import { api, take } from "@/lib/api";
import type { Snapshot } from "@/lib/contract";
import { versionsSeen } from "@/lib/floor";
import { FloorSocket, type SocketState } from "@/lib/socket";

/** State of the connection that brings news. */
export const useLive = create<{ socket: SocketState }>()(() => ({ socket: "closed" }));

/** Keeps the socket open while the workspace is shown; any news, and each return to the page, reads the floor again. */
export function useNews(): void {
  const cache = useQueryClient();
  useEffect(() => {
    const refresh = () => ["floor", "tickets", "ticket", "messages"].forEach((key) => void cache.invalidateQueries({ queryKey: [key] }));
    const socket = new FloorSocket({
      askTicket: () => take(api.POST("/api/me/socket-ticket")),
      connect: (url, protocols) => new WebSocket(url, protocols),
      versions: () => versionsSeen(cache.getQueryData<Snapshot>(["floor"])),
      onStale: refresh,
      onState: (state) => useLive.setState({ socket: state }),
      chance: Math.random,
    });
    const back = () => {
      socket.hurry();
      refresh();
    };
    void socket.open();
    window.addEventListener("online", back);
    window.addEventListener("focus", back);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("focus", back);
      socket.close();
    };
  }, [cache]);
}
