import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { holdFloor } from "@/hooks/useFloor";
import { api, take } from "@/lib/api";
import type { Snapshot } from "@/lib/contract";
import { setPrefs } from "@/lib/prefs";

/** By which phone the agent hears and speaks from the next contact on; '' is the headset. */
export function useChoosePhone() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (address: string): Promise<Snapshot> => take(api.PUT("/api/me/phone", { body: { address } })),
    onSuccess: (snapshot) => holdFloor(cache, snapshot),
  });
}

/** The checks before the next sign-in are those of the way this agent hears: a phone needs no microphone here. */
export function useRememberSound(floor: Snapshot | undefined): void {
  const by = floor?.agent.sound.by;
  useEffect(() => {
    if (by) setPrefs({ byPhone: by !== "headset" });
  }, [by]);
}
