/** The key of a call in progress survives a reload of this tab, nothing else. */
import type { Key } from "./publicApi";

const NAME = "hearthline-visit";

export const keepKey = (key: Key): void => sessionStorage.setItem(NAME, JSON.stringify(key));
export const forgetKey = (): void => sessionStorage.removeItem(NAME);

export function keptKey(): Key | null {
  const text = sessionStorage.getItem(NAME);
  return text === null ? null : (JSON.parse(text) as Key);
}
