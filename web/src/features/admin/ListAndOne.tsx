import type { ReactNode } from "react";
import { Button } from "@/components/Button";
import { useDraft } from "@/lib/admin/draft";
import { wrongsOf } from "./Fields";
import { useMayWrite } from "./useMayWrite";

interface Props {
  label: string;
  /** The list's name in the configuration, by which a wrong entry is marked. */
  list: string;
  entries: { id: string; name: string; line: ReactNode }[];
  at: number;
  onChoose: (at: number) => void;
  add: string;
  onAdd: () => void;
  children: ReactNode;
}

/** Left a list, right the entry chosen. */
export function ListAndOne({ label, list, entries, at, onChoose, add, onAdd, children }: Props) {
  const mayWrite = useMayWrite();
  const wrongs = wrongsOf(useDraft());
  return (
    <div className="two">
      <div className="two__list">
        <ul aria-label={label}>
          {entries.map((entry, n) => (
            <li key={n}>
              <button type="button" className="item" aria-current={n === at} data-wrong={wrongs.some((each) => `${each.path}.`.startsWith(`${list}.${n}.`))} onClick={() => onChoose(n)}>
                <span className="item__top">
                  <span className="item__title">{entry.name}</span>
                </span>
                <span className="item__line">{entry.line}</span>
              </button>
            </li>
          ))}
        </ul>
        {mayWrite && (
          <Button className="two__add" onClick={onAdd}>
            ＋ {add}
          </Button>
        )}
      </div>
      <div className="two__one" {...(!mayWrite && { tabIndex: 0, role: "region", "aria-label": label })}>
        <fieldset disabled={!mayWrite}>{children}</fieldset>
      </div>
    </div>
  );
}
