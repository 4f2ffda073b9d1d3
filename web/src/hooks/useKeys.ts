import { useEffect, useRef } from "react";
import { actOf, type Act } from "@/lib/keys";
import { usePrefs } from "@/lib/prefs";

/** Listens to the keys of the workspace. An act without a handler leaves the press to the browser. */
export function useKeys(handlers: Partial<Record<Act, () => void>>): void {
  const held = useRef(handlers);
  useEffect(() => void (held.current = handlers));
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = actOf(event, event.target, usePrefs.getState().keys);
      const handler = act === null ? undefined : held.current[act];
      if (!handler || event.repeat) return;
      event.preventDefault();
      handler();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
