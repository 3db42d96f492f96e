// Runs reviews through the real schedule of quiz-memory.js. usage: node schedule.mjs <courseware/web>; answers on standard input
// as JSON [[right, day], …]; prints the row after each and the day it is due again (null: never).
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const web = process.argv[2];
const esbuild = createRequire(path.join(web, "package.json"))("esbuild");
const { outputFiles } = esbuild.buildSync({ entryPoints: [path.join(web, "src/quiz-memory.js")], bundle: true, format: "esm", write: false });
const { dueAt, next } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);

const DAY_MS = 86_400_000;
const answers = JSON.parse(fs.readFileSync(0, "utf8"));
let row;
const rows = answers.map(([right, day]) => {
  row = next(row, right, day * DAY_MS);
  const due = dueAt(row);
  return { right: row.right, box: row.box ?? null, due: Number.isFinite(due) ? due / DAY_MS : null };
});
console.log(JSON.stringify(rows));
