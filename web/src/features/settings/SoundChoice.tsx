import { useId, useState } from "react";
import { Button } from "@/components/Button";
import { Problem } from "@/components/Parts";
import { Segmented } from "@/components/Segmented";
import { useChoosePhone } from "@/hooks/usePhone";
import { usePhoneWords } from "@/hooks/usePhoneWords";
import { explain, Refused } from "@/lib/api";
import type { Agent } from "@/lib/contract";

type Way = "headset" | "phone";

/** Headset in the browser, or a telephone number or SIP address that is called when a contact is accepted. */
export function SoundChoice({ agent }: { agent: Agent }) {
  const { p, pick } = usePhoneWords();
  const { by, shown } = agent.sound;
  const held: Way = by === "headset" ? "headset" : "phone";
  const [way, setWay] = useState<Way>(held);
  const [address, setAddress] = useState("");
  const choose = useChoosePhone();
  const id = useId();
  const wrong = choose.error instanceof Refused && choose.error.detail.field === "address" ? choose.error.detail.expected : undefined;
  const turn = (next: Way) => {
    setWay(next);
    choose.reset();
    if (next === "headset" && held === "phone") choose.mutate("", { onError: () => setWay("phone") });
  };
  return (
    <form
      className="group"
      onSubmit={(event) => {
        event.preventDefault();
        choose.mutate(address, { onSuccess: () => setAddress("") });
      }}
    >
      <h2>{p.title}</h2>
      <p className="quiet group__hint">{p.hint}</p>
      <Segmented name="sound" label={p.title} value={way} options={[{ value: "headset", label: p.by.headset }, { value: "phone", label: `${p.by.phone} / ${p.by.sip}` }]} disabled={choose.isPending} onChange={turn} />
      {way === "phone" && (
        <div className="field" data-wrong={wrong !== undefined}>
          <label htmlFor={id}>{p.address}</label>
          <input id={id} className="input tabular" autoComplete="off" maxLength={255} required aria-invalid={wrong !== undefined} aria-describedby={`${id}-hint`} value={address} onChange={(event) => setAddress(event.target.value)} />
          <span className={wrong ? "wrong" : "field__hint"} id={`${id}-hint`} role={wrong ? "alert" : undefined}>
            {wrong ? pick(wrong) : p.example}
          </span>
          <Button type="submit" look="primary" disabled={address.trim() === "" || choose.isPending}>
            {p.save}
          </Button>
        </div>
      )}
      <p role="status" className="quiet">
        {by !== "headset" && p.now(shown)} {choose.isSuccess && p.saved}
      </p>
      {choose.error && !wrong && <Problem>{pick(explain(choose.error))}</Problem>}
    </form>
  );
}
