import { useEffect } from "react";
import { usePrefs } from "@/lib/prefs";
import { startRing } from "@/lib/tone";

/** Rings while an offer is open, unless silenced; the tab's title and, if allowed, the system tell of it too. */
export function useRing(offer: string | null, title: string): void {
  const silent = usePrefs((prefs) => prefs.ringMuted);
  const notify = usePrefs((prefs) => prefs.notify);

  useEffect(() => (offer !== null && !silent ? startRing() : undefined), [offer, silent]);

  useEffect(() => {
    if (offer === null) return;
    const before = document.title;
    document.title = `● ${title}`;
    return () => void (document.title = before);
  }, [offer, title]);

  useEffect(() => {
    if (offer === null || !notify || !document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    // No number, no name: it shows over other people's windows and stays in the system's list.
    const note = new Notification(title, { tag: offer, silent: true });
    note.onclick = () => window.focus();
    return () => note.close();
  }, [offer, notify, title]);
}
