import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// Only `npm run dev` uses this: the front door of a running stack, or dev/server.py.
const behind = process.env["HEARTHLINE_FRONT"] ?? "http://localhost:8090";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // A data: address would need `img-src data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { workspace: here("./index.html"), call: here("./call.html") } },
  },
  server: { proxy: { "/api": behind, "/socket": { target: behind, ws: true } } },
  test: { include: ["tests/**/*.test.{ts,tsx}"], restoreMocks: true },
});
