import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { groupsOf, needOf, sentence, type Atom, type Groups, type Need } from "@/lib/admin/need";
import { Choose, levels, WrongAt } from "./Fields";
import { useAdminWords } from "./useAdminWords";
import { useSkills } from "./useSkillName";

interface Props {
  need: Need;
  path: string;
  onChange: (need: Need) => void;
}

/** A need as a sentence of chips: groups joined by `and`, in a group `or`. */
export function NeedEditor({ need, path, onChange }: Props) {
  const { a } = useAdminWords();
  const { options, name } = useSkills();
  const groups = groupsOf(need);
  if (groups === null) {
    return (
      <div className="need">
        <p>{sentence(need, name, a.need)}</p>
        <p className="quiet">{a.tooDeep}</p>
      </div>
    );
  }
  const first: Atom = { skill: options[0]?.value ?? "zh", at_least: 1 };
  const change = (next: Groups) => onChange(needOf(next));
  const put = (at: number, group: Atom[]) => change(groups.map((each, n) => (n === at ? group : each)));
  return (
    <div className="need" role="group" aria-label={sentence(need, name, a.need)}>
      {groups.length === 0 && <span className="quiet">{a.need.nothing}</span>}
      {groups.map((group, n) => (
        <Group key={n} group={group} options={options} join={n > 0 ? a.need.and.trim() : ""} onChange={(next) => put(n, next)} onMore={() => put(n, [...group, first])} />
      ))}
      <Button size="small" look="quiet" onClick={() => change([...groups, [first]])}>
        ＋ {groups.length === 0 ? a.addFirst : a.addPart}
      </Button>
      <WrongAt path={path} within />
    </div>
  );
}

interface GroupProps {
  group: Atom[];
  options: { value: string; label: string }[];
  join: string;
  onChange: (group: Atom[]) => void;
  onMore: () => void;
}

function Group({ group, options, join, onChange, onMore }: GroupProps) {
  const { a } = useAdminWords();
  return (
    <>
      {join && <span className="need__join">{join}</span>}
      <span className="need__group" data-many={group.length > 1}>
        {group.map((atom, n) => (
          <span key={n} className="need__part">
            {n > 0 && <span className="need__join">{a.orElse}</span>}
            <Chip atom={atom} options={options} onChange={(next) => onChange(group.map((each, at) => (at === n ? next : each)))} onRemove={() => onChange(group.filter((_, at) => at !== n))} />
          </span>
        ))}
        <button type="button" className="need__more" title={a.orElseLong} onClick={onMore}>
          {a.orElse}…
        </button>
      </span>
    </>
  );
}

function Chip({ atom, options, onChange, onRemove }: { atom: Atom; options: { value: string; label: string }[]; onChange: (atom: Atom) => void; onRemove: () => void }) {
  const { a } = useAdminWords();
  // A skill that is gone stays readable until somebody chooses another.
  const known = options.some((each) => each.value === atom.skill) ? options : [...options, { value: atom.skill, label: atom.skill }];
  return (
    <span className="chip">
      <Choose label={a.skillOfPart} value={atom.skill} options={known} onChange={(skill) => onChange({ ...atom, skill })} />
      <span aria-hidden="true">≥</span>
      <Choose label={a.levelOfPart} value={atom.at_least} options={levels(0)} onChange={(at_least) => onChange({ ...atom, at_least })} />
      <button type="button" className="chip__remove" aria-label={a.removePart} title={a.removePart} onClick={onRemove}>
        <Icon name="cross" size={14} />
      </button>
    </span>
  );
}
