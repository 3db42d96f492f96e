// Compiles a folder of Python into one archive for the page, with the very interpreter that will run it.
// usage: node pack.mjs <source folder> <output file> [--bare]      (--bare drops docstrings and asserts: code that is not ours)
// The archive is a zip without compression inside gzip: the browser inflates it natively, Python then reads it without inflating.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const require = createRequire(import.meta.url);
const { loadPyodide } = require("pyodide");
const [source, output, flag] = process.argv.slice(2);

const python = await loadPyodide();
python.mountNodeFS("/host", path.resolve(source));
python.globals.set("bare", flag === "--bare");
python.runPython(`
import importlib.util, marshal, os, types, zipfile

GRAMMAR_IN_DOCSTRINGS = ("ply", "jsonpath_ng")
UNCHECKED_HASH = (0b01).to_bytes(4, "little") + bytes(8)

def without_positions(code):
    """Code whose every instruction says it stands in the first line of its function: a table that compresses to nothing,
    where the true one is a sixth of the whole. A learner's traceback shows the learner's lines only, and those are true."""
    units = len(code.co_code) // 2
    lengths = [8] * (units // 8) + ([units % 8] if units % 8 else [])
    table = b"".join(bytes([0xE8 | (length - 1), 0]) for length in lengths)  # "no columns", line delta 0
    constants = tuple(without_positions(part) if isinstance(part, types.CodeType) else part for part in code.co_consts)
    return code.replace(co_linetable=table, co_consts=constants)

def compiled(path, relative):
    """Bytecode that never looks for its source."""
    with open(path, "rb") as file:
        source = file.read()
    level = 2 if bare and relative.split("/")[0] not in GRAMMAR_IN_DOCSTRINGS else 0
    code = compile(source, relative, "exec", dont_inherit=True, optimize=level)
    return importlib.util.MAGIC_NUMBER + UNCHECKED_HASH + marshal.dumps(without_positions(code) if bare else code)

with zipfile.ZipFile("/tmp/out.zip", "w", zipfile.ZIP_STORED) as archive:
    for folder, folders, files in os.walk("/host"):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, "/host")
            data_only = relative.split("/")[0] == "labs"
            if name.endswith(".py") and not data_only:
                content, relative = compiled(path, relative), relative + "c"
            else:
                with open(path, "rb") as file:
                    content = file.read()
            archive.writestr(zipfile.ZipInfo(relative, (2026, 1, 1, 0, 0, 0)), content)
`);
const archive = python.FS.readFile("/tmp/out.zip");
fs.writeFileSync(output, zlib.gzipSync(archive, { level: 9 }));
