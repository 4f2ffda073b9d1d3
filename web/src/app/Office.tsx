import { useState } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { Empty, Tag } from "@/components/Parts";
import { AdminPage } from "@/features/admin/AdminPage";
import { InForce } from "@/features/admin/InForce";
import { useAdminWords } from "@/features/admin/useAdminWords";
import { LinePage } from "@/features/line-watch/LinePage";
import { TeamPage } from "@/features/watch/TeamPage";
import { SettingsPanel } from "@/features/settings/SettingsPanel";
import { useWatchWords } from "@/hooks/useWatchWords";
import { claimDraft } from "@/lib/admin/draft";
import type { Person } from "@/lib/contract";
import { Home, Nav } from "./Nav";
import "./styles/admin.css";
import "./styles/hours.css";
import "./styles/watch.css";

const PLANNERS = new Set(["admin", "supervisor", "manager"]);
const LEADERS = new Set(["supervisor", "manager"]);

/** The frame of people who take no calls: no call bar, no floor of their own. */
export default function Office({ person }: { person: Person }) {
  const { a } = useAdminWords();
  // Before anything below reads the draft; this frame comes anew with each person.
  useState(() => claimDraft(person.id));
  const { v } = useWatchWords();
  const { pathname } = useLocation();
  const [plans, leads] = [PLANNERS.has(person.role), LEADERS.has(person.role)];
  const home = leads ? "/team" : "/admin/queues";
  return (
    <div className="shell" data-scene="office">
      <header className="top">
        <Home />
        <Tag>
          <i className="dot dot--hollow" aria-hidden="true" />
          {a.roles[person.role] ?? person.role}・{a.noCalls}
        </Tag>
        <b className="top__title">{pathname === "/team" ? v.place : plans ? a.title : ""}</b>
        <span className="top__gap" />
        <span className="top__person quiet">{person.name}</span>
      </header>
      <Nav entries={[...(leads ? ["team" as const] : []), ...(plans ? ["admin" as const] : [])]} />
      <main className="shell__page">
        <Routes>
          <Route path="/settings" element={<SettingsPanel agent={null} />} />
          {leads && <Route path="/team" element={<TeamPage />} />}
          {plans && <Route path="/admin" element={<Navigate to="/admin/queues" replace />} />}
          {leads && <Route path="/lines/:contact" element={<LinePage />} />}
          {plans && <Route path="/admin/:section" element={<AdminPage />} />}
          <Route path="*" element={plans ? <Navigate to={home} replace /> : <Nothing />} />
        </Routes>
      </main>
      <footer className="status-bar">{plans && <InForce />}</footer>
    </div>
  );
}

function Nothing() {
  const { a } = useAdminWords();
  return (
    <div className="pad">
      <Empty icon="lock" title={a.nothingHere}>
        {a.nothingHereHint}
      </Empty>
    </div>
  );
}
