/** From the company's JSON Schema (2020-12, titles in `x-zh`/`x-en`) to the fields of a form. Pure. */
import type { Bilingual, FieldValues } from "@/lib/contract";

export type FieldKind = "text" | "long" | "choice" | "date" | "number" | "yes_no";
export interface Choice extends Bilingual {
  value: string;
}
export interface Field {
  name: string;
  kind: FieldKind;
  title: Bilingual;
  hint: Bilingual | null;
  choices: Choice[];
  /** Signs at most; null when the schema sets no limit. */
  max: number | null;
  required: boolean;
  /** For dates: with a time of day. */
  timed: boolean;
}

/** From this length on a text gets several lines and the full width. */
const LONG_TEXT = 200;
type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);
const str = (value: unknown): string | null => (typeof value === "string" ? value : null);

function bilingual(node: Node, fallback: string): Bilingual {
  const plain = str(node["title"]) ?? fallback;
  return { zh: str(node["x-zh"]) ?? plain, en: str(node["x-en"]) ?? plain };
}

function hintOf(node: Node): Bilingual | null {
  const [zh, en] = [str(node["x-hint-zh"]), str(node["x-hint-en"])];
  return zh !== null && en !== null ? { zh, en } : null;
}

/** `oneOf: [{const, x-zh, x-en}]`, or `enum` with titles in `x-enum: {value: {zh, en}}`. */
function choicesOf(node: Node): Choice[] {
  const options = Array.isArray(node["oneOf"]) ? node["oneOf"].filter(isNode) : [];
  if (options.length > 0) return options.map((each) => ({ value: String(each["const"]), ...bilingual(each, String(each["const"])) }));
  const titles = isNode(node["x-enum"]) ? node["x-enum"] : {};
  const values = Array.isArray(node["enum"]) ? node["enum"] : [];
  return values.map((value) => {
    const named = titles[String(value)];
    const title = isNode(named) ? { zh: str(named["zh"]), en: str(named["en"]) } : { zh: null, en: null };
    return { value: String(value), zh: title.zh ?? String(value), en: title.en ?? String(value) };
  });
}

function kindOf(node: Node, choices: Choice[]): FieldKind {
  if (choices.length > 0) return "choice";
  if (node["type"] === "boolean") return "yes_no";
  if (node["type"] === "integer" || node["type"] === "number") return "number";
  if (node["format"] === "date-time" || node["format"] === "date") return "date";
  return typeof node["maxLength"] === "number" && node["maxLength"] >= LONG_TEXT ? "long" : "text";
}

/** Whether a list in the schema names this matter; without the list, what `otherwise` says. */
const names = (list: unknown, matter: string, otherwise: boolean): boolean => (Array.isArray(list) ? list.includes(matter) : otherwise);

/** The fields of one matter (`x-matters`) in the order of the schema. Anything that is not an object schema gives none. */
export function fieldsOf(schema: unknown, matter: string): Field[] {
  if (!isNode(schema) || !isNode(schema["properties"])) return [];
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(schema["properties"]).flatMap(([name, node]) => {
    if (!isNode(node) || !names(node["x-matters"], matter, true)) return [];
    const choices = choicesOf(node);
    const max = typeof node["maxLength"] === "number" ? node["maxLength"] : null;
    return [{ name, kind: kindOf(node, choices), title: bilingual(node, name), hint: hintOf(node), choices, max, required: required.includes(name) || names(node["x-required-for"], matter, false), timed: node["format"] === "date-time" }];
  });
}

/** A value as a person reads it, empty when there is none. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "");

export const isFilled = (value: unknown): boolean => textOf(value).trim() !== "";

/** Required fields that are empty: the schema's own and those the server named. */
export function missingFields(fields: Field[], values: FieldValues, named: readonly string[] = []): Field[] {
  return fields.filter((field) => (field.required || named.includes(field.name)) && !isFilled(values[field.name]));
}
