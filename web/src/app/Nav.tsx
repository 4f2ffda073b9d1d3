import { NavLink } from "react-router";
import { Icon, Mark, type IconName } from "@/components/Icon";
import { useWatchWords } from "@/hooks/useWatchWords";
import { useWords } from "@/hooks/useWords";

export type Place = "work" | "tickets" | "messages" | "team" | "admin";

/** Only what exists, and of that what this person may use. */
export function Nav({ entries = ["work", "tickets", "messages"] }: { entries?: Place[] }) {
  const { w } = useWords();
  const { v } = useWatchWords();
  return (
    <nav className="nav" aria-label={w.nav}>
      {entries.includes("work") && <Entry to="/" icon="headset" name={w.work} end />}
      {entries.includes("tickets") && <Entry to="/tickets" icon="ticket" name={w.tickets} />}
      {entries.includes("messages") && <Entry to="/messages" icon="message" name={w.inbox} />}
      {entries.includes("team") && <Entry to="/team" icon="pulse" name={v.nav} />}
      {entries.includes("admin") && <Entry to="/admin" icon="bars" name={w.admin} />}
      <span className="nav__gap" />
      <Entry to="/settings" icon="settings" name={w.settings} />
    </nav>
  );
}

function Entry({ to, icon, name, end = false }: { to: string; icon: IconName; name: string; end?: boolean }) {
  return (
    <NavLink to={to} end={end} className="nav__entry">
      <Icon name={icon} size={20} />
      {name}
    </NavLink>
  );
}

export function Home() {
  return (
    <div className="home">
      <Mark />
    </div>
  );
}
