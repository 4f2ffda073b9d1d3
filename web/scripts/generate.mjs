// Typed client from the API's own description.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const source = at("../../docs/openapi.json");
execFileSync("npx", ["--no-install", "openapi-typescript", source, "-o", at("../src/generated/api.ts")], { stdio: "inherit" });
