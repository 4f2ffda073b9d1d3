// node scripts/test-page.mjs <folder>: the page of tests/media/test_sealed.py, built as the workspace's own.
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  configFile: false,
  logLevel: "error",
  root: here("../tests/pages"),
  base: "./",
  resolve: { alias: { "@": here("../src") } },
  build: { outDir: process.argv[2], target: ["chrome123", "firefox120", "safari17.5"], emptyOutDir: true, rolldownOptions: { input: here("../tests/pages/sealed.html") } },
});
