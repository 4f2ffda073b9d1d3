import { useQuery } from "@tanstack/react-query";
import { Icon, Mark } from "@/components/Icon";
import { Menu } from "@/components/Menu";
import { ReadinessCard } from "@/features/readiness/ReadinessCard";
import { useReadiness } from "@/features/readiness/useReadiness";
import { SignInForm } from "@/features/sign-in/SignInForm";
import { useWords } from "@/hooks/useWords";
import { api, take } from "@/lib/api";
import { setPrefs, usePrefs } from "@/lib/prefs";

/** Left the door, right what this computer is fit for. */
export function SignInPage() {
  const { w } = useWords();
  const readiness = useReadiness();
  const company = useQuery({ queryKey: ["company"], queryFn: () => take(api.GET("/api/public/matters")), staleTime: Infinity }).data?.company;
  const { version } = readiness;
  return (
    <div className="door">
      <header className="door__head">
        <Mark />
        <b>Hearthline</b>
        <span className="door__product">{w.product}</span>
        <nav className="door__choices">
          <LanguageMenu />
          <ThemeMenu />
        </nav>
      </header>
      <main className="door__card">
        <SignInForm company={company} />
        <ReadinessCard readiness={readiness} />
      </main>
      <footer className="door__foot">
        <span>{w.footLeft}</span>
        <span>
          {version ? `${w.version(version)}・` : ""}
          {version === undefined ? w.checking : w.service(version === null ? w.serviceDown : w.serviceUp)}
        </span>
      </footer>
    </div>
  );
}

function LanguageMenu() {
  const { w, lang } = useWords();
  const items = [
    { id: "zh", label: "简体中文", onChoose: () => setPrefs({ lang: "zh" }) },
    { id: "en", label: "English", onChoose: () => setPrefs({ lang: "en" }) },
  ];
  return (
    <Menu
      label={w.languageSetting}
      items={items}
      button={
        <>
          {lang === "zh" ? "简体中文" : "English"} <Icon name="down" size={14} />
        </>
      }
    />
  );
}

function ThemeMenu() {
  const { w } = useWords();
  const theme = usePrefs((prefs) => prefs.theme);
  const names = { system: w.themeSystem, light: w.themeLight, dark: w.themeDark };
  const items = (["system", "light", "dark"] as const).map((id) => ({ id, label: names[id], onChoose: () => setPrefs({ theme: id }) }));
  return (
    <Menu
      label={w.theme}
      items={items}
      button={
        <>
          <Icon name={theme === "dark" ? "moon" : theme === "light" ? "sun" : "screen"} /> {names[theme]}
        </>
      }
    />
  );
}
