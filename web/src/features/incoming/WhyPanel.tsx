import { useWords } from "@/hooks/useWords";
import type { Decision } from "@/lib/contract";
import { gap, rank, refusals, weighed, type Weighed } from "@/lib/why";

/** What was weighed for this agent, where he stood among those who could, and why others could not. */
export function WhyPanel({ decision }: { decision: Decision }) {
  const { w, pick } = useWords();
  const name = (id: string) => (decision.words[id] ? pick(decision.words[id]) : id);
  const place = rank(decision);
  const lacking = refusals(decision);
  return (
    <>
      <p>
        {w.whyRead(decision.read, decision.able)}
        {place !== null && <b> {w.whyRank(place)}</b>}
      </p>
      {decision.step > 0 && <p className="quiet">{w.whyStep(decision.step + 1)}</p>}
      <table className="why__table">
        <thead>
          <tr>
            <th scope="col">{w.whyFeature}</th>
            <th scope="col">{w.whyMine}</th>
            <th scope="col">{w.whyShare}</th>
          </tr>
        </thead>
        <tbody>
          {weighed(decision).map((each) => (
            <Row key={each.id} name={name(each.id)} weighed={each} />
          ))}
        </tbody>
      </table>
      {decision.absent.length > 0 && <p className="quiet">{w.whyAbsent(decision.absent.map(name).join(w.between))}</p>}
      {lacking.length > 0 && (
        <ul className="why__refused">
          {lacking.map(({ why, count }) => (
            <li key={why}>{w.whyRefused(count, gap(why, name, { atLeast: w.whyAtLeast, or: w.whyOr, another: w.whyAnother }))}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ name, weighed: { mine, others, share } }: { name: string; weighed: Weighed }) {
  const { w } = useWords();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <span className="why__bar" role="img" aria-label={w.whyValue(mine, others)}>
          <i style={{ inlineSize: `${mine}%` }} />
          {others !== null && <b style={{ insetInlineStart: `${others}%` }} />}
        </span>
      </td>
      <td className="tabular">{share} %</td>
    </tr>
  );
}
