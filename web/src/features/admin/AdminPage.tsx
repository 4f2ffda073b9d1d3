import { Navigate, NavLink, useParams } from "react-router";
import { Problem, Skeleton } from "@/components/Parts";
import { useAdminConfig } from "@/hooks/useAdmin";
import { explain } from "@/lib/api";
import { useDraft } from "@/lib/admin/draft";
import type { AdminConfig, ConfigData } from "@/lib/contract";
import { AgentsSection } from "./AgentsSection";
import { DraftBar } from "./DraftBar";
import { HoursSection } from "./HoursSection";
import { MattersSection } from "./MattersSection";
import { NumbersSection } from "./NumbersSection";
import { QueuesSection } from "./QueuesSection";
import { TrialSection } from "./TrialSection";
import { SkillsSection } from "./SkillsSection";
import { useAdminWords } from "./useAdminWords";
import { VersionsSection } from "./VersionsSection";

const SECTIONS = ["queues", "matters", "skills", "agents", "hours", "numbers", "versions", "trial"] as const;
type Section = (typeof SECTIONS)[number];

/** Everything the company configures, one section at a time, over one draft. */
export function AdminPage() {
  const { a, pick } = useAdminWords();
  const { section } = useParams();
  const { failed } = useAdminConfig();
  const { base, config } = useDraft();
  const shown = SECTIONS.find((each) => each === section);
  if (!shown) return <Navigate to="/admin/queues" replace />;
  if (failed && !base) return <Problem>{pick(explain(failed))}</Problem>;
  if (!base || !config) return <Skeleton lines={6} label={a.loading} />;
  return (
    <div className="admin">
      <header className="admin__head">
        <nav className="tabs" aria-label={a.title}>
          {SECTIONS.map((each) => (
            <NavLink key={each} to={`/admin/${each}`} className="tabs__tab">
              {a.sections[each]}
            </NavLink>
          ))}
        </nav>
        <DraftBar base={base} />
      </header>
      <div className="admin__body">
        <Shown section={shown} base={base} config={config} />
      </div>
    </div>
  );
}

function Shown({ section, base, config }: { section: Section; base: AdminConfig; config: ConfigData }) {
  switch (section) {
    case "queues":
      return <QueuesSection config={config} base={base} />;
    case "matters":
      return <MattersSection config={config} />;
    case "skills":
      return <SkillsSection config={config} base={base} />;
    case "agents":
      return <AgentsSection base={base} />;
    case "hours":
      return <HoursSection config={config} />;
    case "numbers":
      return <NumbersSection config={config} base={base} />;
    case "versions":
      return <VersionsSection base={base} />;
    case "trial":
      return <TrialSection config={config} base={base} />;
  }
}
