import { Empty } from "@/components/Parts";
import { useSealWords } from "@/hooks/useSealWords";
import { useWords } from "@/hooks/useWords";
import type { Snapshot } from "@/lib/contract";
import { CustomerPanel } from "./CustomerPanel";
import { MoodPanel } from "./MoodPanel";

/** Right column: mood, transcript, knowledge, customer. What has no source yet says so. */
export function AssistColumn({ floor, open }: { floor: Snapshot; open: boolean }) {
  const { w } = useWords();
  const s = useSealWords();
  return (
    <aside className="assist" id="assist" aria-label={w.assistPanel} data-open={open}>
      {floor.offer ? <CustomerPanel contact={floor.offer.contact} preview /> : <MoodPanel />}
      <section className="panel panel--transcript" aria-labelledby="transcript-title">
        <header className="section-head">
          <h2 id="transcript-title">{w.transcript}</h2>
          <span className="section-head__end quiet">{w.notAvailableYet}</span>
        </header>
        <Empty icon="message" title={w.transcriptNone}>
          {floor.contact?.sealed ? s.off : w.transcriptHint}
        </Empty>
      </section>
      <section className="panel panel--cards" aria-labelledby="cards-title">
        <header className="section-head">
          <h2 id="cards-title">{w.cards}</h2>
          <span className="section-head__end quiet">{w.notAvailableYet}</span>
        </header>
        <Empty icon="book" title={w.cardsNone}>
          {w.cardsHint}
        </Empty>
      </section>
      {!floor.offer && <CustomerPanel contact={floor.contact} />}
    </aside>
  );
}
