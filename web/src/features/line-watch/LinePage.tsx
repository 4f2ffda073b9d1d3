import { useParams } from "react-router";
import { Empty, Problem, Skeleton } from "@/components/Parts";
import { useContactLine } from "@/hooks/useContactLine";
import { useWords } from "@/hooks/useWords";
import { explain } from "@/lib/api";
import type { ContactLine } from "@/lib/contract";
import { LINE_WORDS } from "@/lib/words/line";
import { lineText } from "./lineText";

const LOOK_MS = 1_500;

/** A live call as its edge measures it, for who watches over the team. */
export function LinePage() {
  const { w, lang, pick } = useWords();
  const words = LINE_WORDS[lang];
  const { contact = "" } = useParams();
  const { data, error } = useContactLine(contact, LOOK_MS);
  if (error) return <div className="pad"><Problem>{pick(explain(error))}</Problem></div>;
  if (!data) return <Skeleton lines={4} label={w.loading} />;
  if (data.legs.length === 0) return <div className="pad"><Empty icon="headset" title={words.nobody} /></div>;
  return (
    <div className="pad">
      <h1>{words.title}</h1>
      <p className="quiet">{data.held ? words.held : words.open(data.edge)}</p>
      <LineTable legs={data.legs} />
    </div>
  );
}

export function LineTable({ legs }: { legs: ContactLine["legs"] }) {
  const { lang } = useWords();
  const { heads, roles, by, fine, unheard, speaks } = LINE_WORDS[lang];
  return (
    <table className="table table--line tabular">
      <thead>
        <tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
      </thead>
      <tbody>
        {legs.map((leg) => (
          <tr key={leg.role + leg.by}>
            <th scope="row">{roles[leg.role]}・{by[leg.by]}</th>
            <td>{leg.one_way ? <b role="alert">{unheard[leg.one_way]}</b> : leg.speaks ? speaks : fine}</td>
            {lineText(leg).map((text, at) => <td key={heads[at + 2]}>{text}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
