// Packs the explorers: one script each for notebooks, and what a page shows before (or without) any script.
import { fileURLToPath } from "node:url";
import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { form, picture, table } from "./src/explorers/shell/markup.js";
import { admitted, reader } from "./src/explorers/shell/numbers.js";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "src/explorers");

export async function readExplorers() {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".js"));
  return Promise.all(files.map(async (name) => (await import(path.join(folder, name))).explorer));
}

// Of all limits those that the explorers name; one that is missing stops the build.
export function usedLimits(explorers, facts) {
  const names = [...new Set(explorers.flatMap(({ uses }) => uses))].sort();
  const missing = names.filter((name) => !facts[name]);
  if (missing.length) throw new Error(`sandbox/facts.toml has no [limit.${missing[0]}], which an explorer uses`);
  return Object.fromEntries(names.map((name) => [name, facts[name]]));
}

export function asBuilt(explorer, limits) {
  const n = reader(limits);
  const inputs = explorer.inputs(n);
  const values = admitted(inputs, {});
  const shown = explorer.show(explorer.run(values, n), values, n);
  return {
    title: explorer.title,
    inputs: inputs.map(({ id, label, value, min, max, options }) => ({ id, label, value, min, max, options: options?.map(([key]) => key) })),
    form: form(explorer, n, values, `explorer-${explorer.name}`, true),
    picture: picture(shown),
    sentence: shown.sentence,
    table: table(shown.table),
    aws: explorer.aws(n),
    assumed: explorer.assumed,
  };
}

export async function packExplorers(explorers, limits, assets) {
  const target = path.join(assets, "explorers");
  fs.rmSync(target, { recursive: true, force: true });
  for (const { name, uses } of explorers) {
    const own = JSON.stringify(Object.fromEntries(uses.map((limit) => [limit, limits[limit]])));
    const contents = `import { explorer } from "./${name}.js";\nimport { widget } from "./shell/widget.js";\nexport default widget(explorer, ${own});\n`;
    await esbuild.build({
      stdin: { contents, resolveDir: folder },
      outfile: path.join(target, `${name}.js`),
      bundle: true,
      format: "esm",
      minify: true,
      target: "es2022",
      logLevel: "error",
    });
  }
  await esbuild.build({ entryPoints: [path.join(folder, "shell/explorer.css")], outfile: path.join(target, "explorer.css"), minify: true, logLevel: "error" });
  const built = Object.fromEntries(explorers.map((explorer) => [explorer.name, asBuilt(explorer, limits)]));
  fs.writeFileSync(path.join(target, "built.json"), JSON.stringify(built));
}
