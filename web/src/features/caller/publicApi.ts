/** What a caller's page may ask of the API: its own contact, by the key it was given. */
import { api, take } from "@/lib/api";
import type { CallerState, Door, Lang, PublicContact, PublicMatters } from "@/lib/contract";
import type { SealOrder } from "@/lib/seal";
import { canSeal } from "@/lib/sealed";

export type Key = Pick<PublicContact, "contact" | "key">;

const own = ({ contact, key }: Key) => ({ params: { path: { id: contact } }, headers: { Authorization: `Bearer ${key}` } });

export const readMatters = (): Promise<PublicMatters> => take(api.GET("/api/public/matters"));

/** `number`: where to call back, for who asks for that from the start. */
export const createContact = (matter: string, lang: Lang, number?: string): Promise<PublicContact> =>
  take(api.POST("/api/public/contacts", { body: { matter, lang, callback: Boolean(number), seals: canSeal(), ...(number && { number }) } }));

export const readState = (key: Key): Promise<CallerState> => take(api.GET("/api/public/contacts/{id}", own(key)));

export const endContact = (key: Key): Promise<CallerState> => take(api.POST("/api/public/contacts/{id}/hangup", own(key)));

export const leaveNumber = (key: Key, number: string): Promise<CallerState> =>
  take(api.POST("/api/public/contacts/{id}/callback", { ...own(key), body: { number } }));

/** How this page agrees on keys with the agent's; null for a call that is not sealed. */
export const sealOf = (key: Key, { sealed }: CallerState): SealOrder | null =>
  sealed
    ? { contact: key.contact, caller: true, say: ({ commitment, key: shown }) => take(api.POST("/api/public/contacts/{id}/seal", { ...own(key), body: { commitment: commitment ?? "", key: shown } })) }
    : null;

/** Opens the edge: first with the door that came with the contact, which is good for one try, then with a new one each time. */
export function freshDoor(key: Key, first?: Door): () => Promise<Door> {
  let given = first;
  return () => {
    const door = given;
    given = undefined;
    return door ? Promise.resolve(door) : take(api.POST("/api/public/contacts/{id}/media", own(key)));
  };
}
