import { useWords } from "@/hooks/useWords";

/** The axis of the mood, without a line: nothing has been judged. */
export function MoodPanel() {
  const { w } = useWords();
  return (
    <section className="panel panel--mood" aria-labelledby="mood-title">
      <header className="section-head">
        <h2 id="mood-title">{w.mood}</h2>
        <span className="section-head__end quiet">
          <span className="dot dot--hollow" aria-hidden="true" /> {w.moodNone}
        </span>
      </header>
      <div className="mood" aria-hidden="true">
        {[w.calm, w.fair, w.upset].map((word) => (
          <p key={word} className="mood__row">
            <span>{word}</span>
            <i />
          </p>
        ))}
      </div>
      <p className="panel__hint">{w.moodHint}</p>
    </section>
  );
}
