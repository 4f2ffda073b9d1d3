import { useState } from "react";
import { Button } from "@/components/Button";
import { useAgentsPhone } from "@/hooks/useAdmin";
import { usePhoneWords } from "@/hooks/usePhoneWords";
import { explain, Refused } from "@/lib/api";
import type { TrainedAgent } from "@/lib/contract";
import { useMayWrite } from "./useMayWrite";

/** By which phone an agent hears and speaks: shown masked, set anew, or given up for the headset. */
export function AgentPhone({ agent }: { agent: TrainedAgent }) {
  const { p, pick } = usePhoneWords();
  const mayWrite = useMayWrite();
  const [typed, setTyped] = useState<string | null>(null);
  const choose = useAgentsPhone();
  const { by, shown } = agent.sound;
  const save = (address: string) => choose.mutate({ id: agent.id, address }, { onSuccess: () => setTyped(null) });
  const wrong = choose.error instanceof Refused && choose.error.detail.expected ? choose.error.detail.expected : choose.error && explain(choose.error);
  if (typed === null) {
    return (
      <>
        <span className="tabular">{by === "headset" ? p.by.headset : shown}</span>{" "}
        {mayWrite && (
          <Button size="small" look="quiet" aria-label={`${p.change}：${p.of(agent.name)}`} onClick={() => setTyped("")}>
            {p.change}
          </Button>
        )}
      </>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save(typed);
      }}
    >
      <input className="input tabular" aria-label={p.address} placeholder={p.example} autoComplete="off" maxLength={255} aria-invalid={Boolean(wrong)} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <Button size="small" look="primary" type="submit" disabled={choose.isPending}>
        {typed.trim() === "" ? p.by.headset : p.save}
      </Button>
      <Button size="small" look="quiet" disabled={choose.isPending} onClick={() => setTyped(null)}>
        {p.cancel}
      </Button>
      {wrong && (
        <span className="wrong" role="alert">
          {pick(wrong)}
        </span>
      )}
    </form>
  );
}
