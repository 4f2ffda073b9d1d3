import { useQueryClient } from "@tanstack/react-query";
import { useEffect, type KeyboardEvent } from "react";
import { Empty, Problem, Skeleton } from "@/components/Parts";
import { TEAM_CALLS, useTeamCalls } from "@/hooks/useTeamCalls";
import { useWatchWords } from "@/hooks/useWatchWords";
import { explain } from "@/lib/api";
import type { TeamCall, WatchMode } from "@/lib/contract";
import { clockTime } from "@/lib/format";
import { nameOf, takesText } from "@/lib/keys";
import { callEnded, leave, useWatch, watch } from "@/lib/watch";
import { CallTable } from "./CallTable";
import { WatchBar, WatchProblem } from "./WatchBar";

const KEYS: Record<string, WatchMode> = { L: "listen", W: "whisper", B: "barge" };

/** The team's calls as they go on, and the one the supervisor is on. */
export function TeamPage() {
  const { v, pick } = useWatchWords();
  const { told, at, error } = useTeamCalls();
  const on = useWatch((state) => state.call);
  const live = told?.calls.find((each) => each.contact === on?.contact);
  useLeaving();
  useReadAnew(on?.contact);
  useEffect(() => {
    // A list older than the joining says nothing of the call.
    if (on && told && !live && told.now > on.connected_at) callEnded();
  }, [on, told, live]);
  return (
    <section className="page team" aria-labelledby="team-title" onKeyDown={(event) => press(event, told?.calls ?? [])}>
      <header className="page__head">
        <h1 id="team-title">{v.title}</h1>
        {told && <span className="quiet">{v.count(told.calls.length)}</span>}
        <span className="top__gap" />
        {at > 0 && <span className="quiet tabular">{v.updated(clockTime(at))}</span>}
      </header>
      <WatchProblem />
      {on && <WatchBar call={live ?? on} />}
      {error !== null && !told && <Problem>{pick(explain(error))}</Problem>}
      {!told && error === null && <Skeleton lines={6} label={v.loading} />}
      {told?.calls.length === 0 && <Empty icon="headset" title={v.none}>{v.noneHint}</Empty>}
      {told && told.calls.length > 0 && <CallTable told={told} />}
      {told && told.left_out > 0 && <p className="quiet team__keys">{v.leftOut(told.left_out)}</p>}
      {told && <p className="quiet team__keys">{told.may_watch ? v.keys : v.seesOnly}</p>}
    </section>
  );
}

/** Letters act on the row that has the focus, else on the call the supervisor is on. */
function press(event: KeyboardEvent, calls: TeamCall[]): void {
  if (event.repeat || takesText(event.target)) return;
  const name = nameOf(event.nativeEvent);
  const { call } = useWatch.getState();
  if (name === "X" && call) return void leave();
  const mode = KEYS[name];
  const row = event.target instanceof Element ? event.target.closest("[data-contact]")?.getAttribute("data-contact") : null;
  const meant = calls.find((each) => each.contact === (row ?? call?.contact));
  if (mode && meant) void watch(meant, mode);
}

/** The list says at once what this page did, not at the next look. */
function useReadAnew(contact: string | undefined): void {
  const cache = useQueryClient();
  const mode = useWatch((state) => state.mode);
  const live = useWatch((state) => state.phase === "live");
  useEffect(() => void cache.invalidateQueries({ queryKey: TEAM_CALLS }), [cache, contact, mode, live]);
}

/** Who closes the page or goes elsewhere is off the call. */
function useLeaving(): void {
  useEffect(() => {
    const off = () => void leave();
    window.addEventListener("pagehide", off);
    return () => {
      window.removeEventListener("pagehide", off);
      off();
    };
  }, []);
}
