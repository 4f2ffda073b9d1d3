/** Who of a call cannot be heard, as the media edge found it. */
import type { ContactLine } from "@/lib/contract";

export type Party = ContactLine["legs"][number]["role"];
export type Fault = NonNullable<ContactLine["legs"][number]["one_way"]>;

/** The one to tell `me` of: oneself first, for that can be mended here. Who muted himself knows. */
export function unheardBy(line: ContactLine | undefined, me: Party, muted: boolean): { party: Party; fault: Fault } | null {
  const faults = (line?.legs ?? []).flatMap(({ role, one_way }) => (one_way ? [{ party: role, fault: one_way }] : []));
  const told = faults.filter(({ party, fault }) => !(party === me && muted && fault === "no_sound"));
  return told.find(({ party }) => party === me) ?? told[0] ?? null;
}
