import { Route, Routes, useNavigate } from "react-router";
import { Skeleton } from "@/components/Parts";
import { KeysHelp } from "@/features/keys-help/KeysHelp";
import { MessageTable } from "@/features/messages/MessageTable";
import { SettingsPanel } from "@/features/settings/SettingsPanel";
import { StatusBar } from "@/features/status-bar/StatusBar";
import { TicketTable } from "@/features/tickets/TicketTable";
import { useAftermath } from "@/hooks/useAftermath";
import { useAgentLine } from "@/hooks/useAgentLine";
import { useDeadlines } from "@/hooks/useDeadlines";
import { setDesk, useDesk } from "@/hooks/useDesk";
import { useFloor } from "@/hooks/useFloor";
import { useNews } from "@/hooks/useLive";
import { useNearness } from "@/hooks/useNearness";
import { useRememberSound } from "@/hooks/usePhone";
import { useWords } from "@/hooks/useWords";
import { soundsOf } from "@/lib/consult";
import { sceneOf } from "@/lib/floor";
import { Nav } from "./Nav";
import { TopBar } from "./TopBar";
import { WorkPage } from "./WorkPage";

/** The frame of every route: call bar, navigation, page, status bar. */
export function Workspace() {
  const { w } = useWords();
  const floor = useFloor();
  const help = useDesk((desk) => desk.help);
  const navigate = useNavigate();
  useNews();
  useDeadlines(floor);
  useAgentLine(soundsOf(floor));
  useAftermath(floor);
  useNearness();
  useRememberSound(floor);
  if (!floor) return <Skeleton lines={6} label={w.loading} />;
  const openTicket = (id: string) => {
    setDesk({ chosen: id, tab: "ticket" });
    void navigate("/");
  };
  return (
    <div className="shell" data-scene={sceneOf(floor)}>
      <TopBar floor={floor} />
      <Nav />
      <main className="shell__page">
        <Routes>
          <Route path="/tickets" element={<TicketTable onOpen={openTicket} />} />
          <Route path="/messages" element={<MessageTable onTaken={openTicket} />} />
          <Route path="/settings" element={<SettingsPanel agent={floor.agent} />} />
          <Route path="*" element={<WorkPage floor={floor} />} />
        </Routes>
      </main>
      <StatusBar agent={floor.agent} />
      {help && <KeysHelp onClose={() => setDesk({ help: false })} />}
    </div>
  );
}
