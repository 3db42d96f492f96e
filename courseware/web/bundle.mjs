// Bundles the page's scripts and styles. usage: node bundle.mjs <assets folder>
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { packExplorers, readExplorers, usedLimits } from "./explorers.mjs";

const require = createRequire(import.meta.url);
const assets = path.resolve(process.argv[2]);
const here = path.dirname(fileURLToPath(import.meta.url));
const lock = require("pyodide/pyodide-lock.json");
const archives = JSON.parse(fs.readFileSync(path.join(assets, ".archives.json"), "utf8"));
const explorers = await readExplorers();
const limits = usedLimits(explorers, JSON.parse(fs.readFileSync(path.join(assets, ".limits.json"), "utf8")));

for (const name of fs.readdirSync(assets)) {
  if (/^(chunk|editor|worker)-.*\.js$/.test(name)) fs.rmSync(path.join(assets, name));
}

const worker = await esbuild.build({
  entryPoints: [path.join(here, "src/worker.js")],
  entryNames: "worker-[hash]",
  outdir: assets,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  external: ["node:*", "ws"],
  define: { LOCK_INFO: JSON.stringify(lock.info) },
  metafile: true,
  logLevel: "error",
});
const workerFile = path.basename(Object.keys(worker.metafile.outputs).find((name) => name.endsWith(".js")));

await esbuild.build({
  entryPoints: { live: path.join(here, "src/live.js"), course: path.join(here, "src/course.css") },
  chunkNames: "chunk-[hash]",
  outdir: assets,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: "es2022",
  define: { WORKER_FILE: JSON.stringify(workerFile), ARCHIVES: JSON.stringify(archives), LIMITS: JSON.stringify(limits) },
  logLevel: "error",
});

await packExplorers(explorers, limits, assets);

// The theme draws its icons with 1.5 MB of script; a page shows a dozen, so they become a dozen masks.
const icons = JSON.parse(fs.readFileSync(path.join(here, "icons.json"), "utf8"));
const svgs = path.join(path.dirname(require.resolve("@fortawesome/fontawesome-free/package.json")), "svgs");
const masks = [];
const rules = [];
for (const [name, file] of Object.entries(icons)) {
  const svg = fs.readFileSync(path.join(svgs, `${file}.svg`), "utf8").replace(/<!--.*?-->/gs, "");
  masks.push(`--icon-${name}:url("data:image/svg+xml,${encodeURIComponent(svg)}")`);
  rules.push(`.fa-${name}{--icon:var(--icon-${name})}`);
}
const base =
  ".fa-solid,.fas,.far,.fa-regular,.fab,.fa-brands{display:inline-block;width:1em;height:1em;vertical-align:-.125em;line-height:1}" +
  ":is(.fa-solid,.fas,.far,.fa-regular,.fab,.fa-brands)::before{content:'';display:block;width:100%;height:100%;" +
  "background:currentColor;-webkit-mask:var(--icon) center/contain no-repeat;mask:var(--icon) center/contain no-repeat}" +
  ".fa-lg{font-size:1.25em;vertical-align:-.075em}.fa-fw{width:1.25em}";
fs.writeFileSync(path.join(assets, "icons.css"), `:root{${masks.join(";\n")}}\n${base}\n${rules.join("\n")}\n`);
