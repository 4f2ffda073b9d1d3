// Writes .br and .gz beside each file of dist/ (the front door serves them as they are) and holds the budget of the first load.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const PAGES = { "index.html": 450_000, "call.html": 120_000 }; // bytes, gzip, everything the page asks for first
const TEXT = /\.(html|js|css|svg|json|webmanifest)$/;

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && TEXT.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
const gzipped = new Map();
for (const file of files) {
  const plain = readFileSync(file);
  const small = gzipSync(plain, { level: 9 });
  gzipped.set(file, small.length);
  writeFileSync(`${file}.gz`, small);
  writeFileSync(`${file}.br`, brotliCompressSync(plain));
}

const report = {};
for (const [page, budget] of Object.entries(PAGES)) {
  const html = readFileSync(join(DIST, page), "utf8");
  if (/<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=/.test(html)) throw new Error(`${page}: inline script or style breaks the CSP`);
  const asked = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => join(DIST, match[1]));
  const bytes = [join(DIST, page), ...asked].reduce((sum, file) => sum + (gzipped.get(file) ?? 0), 0);
  console.log(`${page.padEnd(12)} first load ${(bytes / 1000).toFixed(1).padStart(6)} kB gzip   budget ${budget / 1000} kB`);
  report[page] = { bytes, budget };
}
console.log(JSON.stringify(report));
if (Object.values(report).some(({ bytes, budget }) => bytes > budget)) process.exit(1);
