import { NavLink } from "react-router";
import { Icon, Mark, type IconName } from "@/components/Icon";
import { useWords } from "@/hooks/useWords";

/** Only what exists. */
export function Nav() {
  const { w } = useWords();
  return (
    <nav className="nav" aria-label={w.nav}>
      <Entry to="/" icon="headset" name={w.work} />
      <Entry to="/tickets" icon="ticket" name={w.tickets} />
      <span className="nav__gap" />
      <Entry to="/settings" icon="settings" name={w.settings} />
    </nav>
  );
}

function Entry({ to, icon, name }: { to: string; icon: IconName; name: string }) {
  return (
    <NavLink to={to} end className="nav__entry">
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
