import { Icon } from "@/components/Icon";
import { useSealWords } from "@/hooks/useSealWords";
import { useSeal } from "@/lib/seal";

/** That a call is sealed, by which number both sides can tell, and what is off in it. */
export function SealNote({ talking }: { talking: boolean }) {
  const s = useSealWords();
  const { phase, number } = useSeal();
  if (phase === "broken") {
    return (
      <div className="problem" role="alert">
        <Icon name="warn" />
        <span>{s.broken}</span>
      </div>
    );
  }
  return (
    <section className="seal" data-phase={phase} aria-label={s.title}>
      <Icon name="lock" />
      <div>
        <p className="seal__title" role="status">
          <b>{s.title}</b>
          {phase === "sealed" && (
            <span className="seal__number tabular">
              <span className="hidden">{s.number}: </span>
              {number}
            </span>
          )}
        </p>
        <p>{phase === "sealed" ? s.compare : talking ? s.agreeing : ""}</p>
        <p className="quiet">{s.off}</p>
      </div>
    </section>
  );
}
