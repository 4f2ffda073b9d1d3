import { useQuery } from "@tanstack/react-query";
import { api, take } from "@/lib/api";
import type { WorkspaceConfig } from "@/lib/contract";
import { useWords } from "@/hooks/useWords";

const FRESH_MS = 300_000;

export function useConfig(): WorkspaceConfig | undefined {
  return useQuery({ queryKey: ["config"], queryFn: () => take(api.GET("/api/config/workspace")), staleTime: FRESH_MS }).data;
}

/** The name of a queue in the language chosen; its id until the configuration is here. */
export function useQueueName(): (id: string) => string {
  const queues = useConfig()?.queues;
  const { pick } = useWords();
  return (id) => {
    const queue = queues?.find((each) => each.id === id);
    return queue ? pick(queue) : id;
  };
}

/** The title of a matter in the language chosen; its id until the configuration is here. */
export function useMatterName(): (id: string) => string {
  const matters = useConfig()?.matters;
  const { pick } = useWords();
  return (id) => {
    const matter = matters?.find((each) => each.id === id);
    return matter ? pick(matter) : id;
  };
}
