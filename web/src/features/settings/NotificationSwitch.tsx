import { useState } from "react";
import { Segmented } from "@/components/Segmented";
import { useWords } from "@/hooks/useWords";
import { setPrefs, usePrefs } from "@/lib/prefs";

/** Asks the browser for permission only when the person switches notifications on. */
export function NotificationSwitch() {
  const { w } = useWords();
  const on = usePrefs((prefs) => prefs.notify);
  const [blocked, setBlocked] = useState(() => "Notification" in window && Notification.permission === "denied");
  const choose = async (value: "on" | "off") => {
    if (value === "off") return setPrefs({ notify: false });
    const answer = "Notification" in window ? await Notification.requestPermission() : "denied";
    setBlocked(answer === "denied");
    setPrefs({ notify: answer === "granted" });
  };
  return (
    <>
      <Segmented name="notify" label={w.notification} value={on ? "on" : "off"} options={[{ value: "on", label: w.on }, { value: "off", label: w.off }]} onChange={(value) => void choose(value)} />
      <span className="quiet">{blocked ? w.notificationBlocked : w.notificationHint}</span>
    </>
  );
}
