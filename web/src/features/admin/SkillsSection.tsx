import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { Empty } from "@/components/Parts";
import { useAgents } from "@/hooks/useAdmin";
import { addEntry, editEntry, freshId, removeEntry, useDraft } from "@/lib/admin/draft";
import { skillsIn, type Need } from "@/lib/admin/need";
import { readPolicy } from "@/lib/admin/policy";
import type { AdminConfig, ConfigData, ConfigSkill } from "@/lib/contract";
import { TextField } from "./Fields";
import { useAdminWords } from "./useAdminWords";
import { useMayWrite } from "./useMayWrite";

/** What agents may know beside languages and queues, and where each of it is asked for. */
export function SkillsSection({ config, base }: { config: ConfigData; base: AdminConfig }) {
  const { a } = useAdminWords();
  const mayWrite = useMayWrite();
  const agents = useAgents() ?? [];
  const needs = [...config.queues.flatMap((queue) => readPolicy(queue.policy, base.defaults).steps.map((step) => step.need)), ...config.matters.map((matter) => matter.need as unknown as Need)];
  const uses = (id: string) => ({ needs: needs.filter((need) => skillsIn(need).includes(id)).length, agents: agents.filter((agent) => (agent.skills[id] ?? 0) > 0).length });
  return (
    <div className="pad">
      <p className="quiet">{a.skillsHint}</p>
      {config.skills.length === 0 && <Empty icon="book" title={a.noSkills}>{a.noSkillsHint}</Empty>}
      <fieldset disabled={!mayWrite}>
        <ul className="cards" aria-label={a.sections.skills}>
          {config.skills.map((skill, n) => (
            <SkillRow key={n} at={n} skill={skill} uses={uses(skill.id)} />
          ))}
        </ul>
        {mayWrite && <Button onClick={() => addEntry("skills", { id: freshId("skill", config.skills), zh: "", en: "" })}>＋ {a.addSkill}</Button>}
      </fieldset>
    </div>
  );
}

function SkillRow({ at, skill, uses }: { at: number; skill: ConfigSkill; uses: { needs: number; agents: number } }) {
  const { a } = useAdminWords();
  const published = useDraft((draft) => draft.base?.config.skills.some((each) => each.id === skill.id) ?? false);
  const path = `skills.${at}`;
  return (
    <li className="card">
      <TextField label={a.nameZh} path={`${path}.zh`} value={skill.zh} onChange={(zh) => editEntry("skills", at, { zh })} />
      <TextField label={a.nameEn} path={`${path}.en`} value={skill.en} onChange={(en) => editEntry("skills", at, { en })} />
      <TextField label={a.id} path={`${path}.id`} value={skill.id} maxLength={32} readOnly={published} onChange={(id) => editEntry("skills", at, { id })} />
      <div className="field">
        <span className="field__label">{a.usedBy}</span>
        <span className="card__fact">{uses.needs + uses.agents === 0 ? a.usedNowhere : a.usedIn(uses.needs, uses.agents)}</span>
      </div>
      <button type="button" className="icon-button" aria-label={`${a.remove} ${skill.id}`} title={uses.needs > 0 ? a.skillInUse : a.remove} disabled={uses.needs > 0} onClick={() => removeEntry("skills", at)}>
        <Icon name="cross" />
      </button>
    </li>
  );
}
