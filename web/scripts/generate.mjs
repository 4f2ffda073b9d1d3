// Typed client from the API's own description. Until the API writes docs/openapi.json, the draft beside dev/ stands in.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = [at("../../docs/openapi.json"), at("../dev/openapi.json")].find(existsSync);
execFileSync("npx", ["--no-install", "openapi-typescript", source, "-o", at("../src/generated/api.ts")], { stdio: "inherit" });
