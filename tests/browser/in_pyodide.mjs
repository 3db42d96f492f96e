// Runs a Python program on the page's own archives under Node. usage: node in_pyodide.mjs <root> <program.py> [arguments…]
// The repository is mounted at /repo and the environment's packages at /packages, for tests that the page itself does not carry.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [root, program, ...args] = process.argv.slice(2);
const web = path.join(root, "courseware/web/");
const require = createRequire(web);
const { loadPyodide } = require("pyodide");
const assets = path.join(root, "book/assets");
const archives = JSON.parse(fs.readFileSync(path.join(assets, ".archives.json"), "utf8"));
const open = (name) => new Uint8Array(zlib.gunzipSync(fs.readFileSync(path.join(assets, archives[name][0]))));

async function main() {
  const python = await loadPyodide({ env: { HOME: "/home/learner", PYTHONHASHSEED: "0" } });
  const purelib = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  python.unpackArchive(open("site.bin"), "zip", { extractDir: purelib });
  python.unpackArchive(open("course.bin"), "zip", { extractDir: "/course" });
  python.mountNodeFS("/repo", root);
  if (process.env.PACKAGES) python.mountNodeFS("/packages", process.env.PACKAGES);
  python.globals.set("ARGUMENTS", python.toPy(args));
  python.runPython("import sys; sys.path.insert(0, '/course'); sys.argv = ['program', *ARGUMENTS]");
  python.runPython(fs.readFileSync(program, "utf8"), { filename: program });
}

// An uncaught error would print the whole minified interpreter.
await main().catch((error) => {
  console.error(String(error.message ?? error).slice(-8000));
  process.exit(1);
});
