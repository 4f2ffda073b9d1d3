/** Keys of the workspace: which act a key press asks for. Off while an input method is composing. */
export type Act = "answer" | "decline" | "mute" | "hold" | "transfer" | "conference" | "hangup" | "next" | "previous" | "help";
export type KeyMap = Record<Act, string>;

export const DEFAULT_KEYS: KeyMap = {
  answer: "Alt+A",
  decline: "Alt+R",
  mute: "M",
  hold: "H",
  transfer: "Alt+T",
  conference: "Alt+C",
  hangup: "Alt+Shift+X",
  next: "Alt+J",
  previous: "Alt+K",
  help: "?",
};

type Press = Pick<KeyboardEvent, "key" | "code" | "altKey" | "shiftKey" | "ctrlKey" | "metaKey" | "isComposing" | "keyCode">;

/** The name of a press, e.g. `Alt+Shift+X`; empty for a bare modifier. Letters come from `code`: with Alt, `key` is å on some systems. */
export function nameOf(press: Press): string {
  if (["Alt", "Shift", "Control", "Meta"].includes(press.key)) return "";
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const key = letter ?? (press.key.length === 1 ? press.key.toUpperCase() : press.key);
  // Shift is part of the sign in "?" but a modifier of a letter.
  const shift = press.shiftKey && (letter !== undefined || press.key.length > 1);
  return [press.ctrlKey && "Ctrl", press.metaKey && "Meta", press.altKey && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

// Safari reports the key that confirms a choice after composition has ended; only its key code still tells.
// eslint-disable-next-line @typescript-eslint/no-deprecated
const isComposing = (press: Press): boolean => press.isComposing || press.keyCode === 229;

/** True where a plain letter belongs to the text being typed. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}

/** The act a press asks for, or null. A key without Alt or Ctrl is never taken from a text field. */
export function actOf(press: Press, target: EventTarget | null, keys: KeyMap): Act | null {
  if (isComposing(press)) return null;
  const name = nameOf(press);
  if (!name) return null;
  const act = (Object.keys(keys) as Act[]).find((each) => keys[each] === name) ?? null;
  const modified = press.altKey || press.ctrlKey || press.metaKey;
  return act !== null && !modified && takesText(target) ? null : act;
}
