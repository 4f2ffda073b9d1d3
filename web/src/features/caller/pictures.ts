import type { IconName } from "@/components/Icon";

/** Matters are the company's own: known ones get a picture, all others a plain one. */
const PICTURES: Record<string, IconName> = { outage: "wifi", billing: "receipt", move: "house", plan: "pen", complaint: "message" };

export const pictureOf = (matter: string): IconName => PICTURES[matter] ?? "message";
