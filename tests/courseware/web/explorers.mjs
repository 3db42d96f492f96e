// Runs models of the explorers without a browser. usage: node explorers.mjs <courseware/web>; each line of standard input is JSON
// { limits, calls: [{ name, values }] }, and is answered by a line: for each call what was computed and what is said of it.
import readline from "node:readline";
import path from "node:path";
import { pathToFileURL } from "node:url";

const folder = path.join(process.argv[2], "src/explorers");
const load = (name) => import(pathToFileURL(path.join(folder, `${name}.js`)).href);
const { admitted, reader } = await load("shell/numbers");
const { form, fromSlide, picture, table, toSlide } = await load("shell/markup");
async function answer({ name, values }, limits) {
  const { explorer } = await load(name);
  const n = reader(Object.fromEntries(explorer.uses.map((limit) => [limit, limits[limit]]))); // one not listed is not there
  const inputs = explorer.inputs(n);
  const taken = admitted(inputs, values);
  const result = explorer.run(taken, n);
  const shown = explorer.show(result, taken, n);
  const slides = inputs.filter(({ options }) => !options).map((input) => ({ ...input, there_and_back: fromSlide(input, toSlide(input, input.value)) }));
  const markup = form(explorer, n, taken, "test", false) + picture(shown) + table(shown.table);
  const { uses, assumed } = explorer;
  return { name: explorer.name, taken, result, sentence: shown.sentence, rows: shown.table.rows, inputs, slides, markup, aws: explorer.aws(n), assumed, uses };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { limits, calls } = JSON.parse(line);
  const answers = [];
  for (const call of calls) answers.push(await answer(call, limits));
  console.log(JSON.stringify(answers));
}
