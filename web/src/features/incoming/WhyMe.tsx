import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { Icon } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";
import { api, take } from "@/lib/api";
import { WhyPanel } from "./WhyPanel";

/** The words "why me" as a button: it opens the decision behind the offer. Escape, or a press beside it, closes. */
export function WhyMe({ offer }: { offer: string }) {
  const { w } = useWords();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const decision = useQuery({ queryKey: ["why", offer], queryFn: () => take(api.GET("/api/offers/{id}/why", { params: { path: { id: offer } } })), enabled: open, staleTime: Infinity });
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => !root.current?.contains(event.target as Node) && setOpen(false);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  return (
    <div className="why" ref={root} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button type="button" className="why__open" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {w.whyMe}
        <Icon name="down" size={14} />
      </button>
      {open && (
        <section className="why__panel" id={id} aria-label={w.whyMe}>
          {decision.data ? <WhyPanel decision={decision.data} /> : <p className="quiet">{decision.isError ? w.whyNone : w.loading}</p>}
        </section>
      )}
    </div>
  );
}
