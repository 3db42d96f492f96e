// The worker in which a page's Python runs. One worker is one AWS account; ending it is the hard stop.
import { loadPyodide } from "pyodide";

let session;

const post = (message) => self.postMessage(message);

// Fetches one archive, counting bytes as they arrive; `.bin` files are gzip inside, whatever the server thinks of them.
// `broke` hears of a line that breaks, before or in the middle of a file.
async function open(base, [path, size], count, broke) {
  const fail = (error) => broke(new Error(`${path} did not arrive: ${error.message}`));
  const answer = await nativeFetch(new URL(path, base)).catch((error) => Promise.reject(fail(error)));
  if (!answer.ok) throw fail(new Error(`the server answered ${answer.status}`));
  const { readable: counted, writable } = new TransformStream({
    transform(chunk, out) {
      count(chunk.byteLength, size);
      out.enqueue(chunk);
    },
  });
  answer.body.pipeTo(writable).catch(fail);
  return path.endsWith(".bin") ? counted.pipeThrough(new DecompressionStream("gzip")) : counted;
}

const nativeFetch = self.fetch.bind(self);

async function boot({ base, archives }) {
  let loaded = 0;
  const total = Object.values(archives).reduce((sum, [, size]) => sum + size, 0);
  const count = (bytes) => {
    loaded += bytes;
    post({ kind: "progress", loaded, total });
  };
  let broke;
  const broken = new Promise((_, reject) => {
    broke = (error) => (reject(error), error);
  });
  const stream = (name) => open(base, archives[name], count, broke);
  const folder = new URL(archives["wasm.bin"][0], base).href.replace(/[^/]*$/, "");
  const wasm = stream("wasm.bin");
  const stdlib = stream("stdlib.bin");
  const site = stream("site.bin").then((body) => new Response(body).arrayBuffer());
  const course = stream("course.bin").then((body) => new Response(body).arrayBuffer());
  for (const promise of [wasm, stdlib, site, course]) promise.catch(() => {}); // reported where they are awaited

  // Pyodide asks for its files by name; it gets the ones already on their way.
  self.fetch = async (request, options) => {
    const url = String(request.url ?? request);
    if (url.endsWith("pyodide.asm.wasm")) return new Response(await wasm, { headers: { "content-type": "application/wasm" } });
    if (url.endsWith("python_stdlib.zip")) return new Response(await stdlib);
    return nativeFetch(request, options);
  };
  const loading = loadPyodide({
    indexURL: folder,
    lockFileContents: JSON.stringify({ info: LOCK_INFO, packages: {} }),
    packageBaseUrl: folder,
    checkAPIVersion: false,
    env: { HOME: "/home/learner", PYTHONHASHSEED: "0" },
  });
  const python = await Promise.race([loading, broken]); // Pyodide itself would wait for ever
  self.fetch = nativeFetch;
  post({ kind: "stage", text: "Starting an AWS account" });
  const purelib = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  unpack(python.FS, await site, purelib);
  unpack(python.FS, await course, "/course");
  python.runPython("import sys, importlib; sys.path.insert(0, '/course'); importlib.invalidate_caches()");
  session = python.pyimport("courseware.live.in_page").start();
  post({ kind: "ready" });
}

// A zip without compression is a directory with offsets: writing the files out is a few milliseconds' work.
function unpack(FS, buffer, target) {
  const view = new DataView(buffer);
  const decoder = new TextDecoder();
  let end = buffer.byteLength - 22;
  while (view.getUint32(end, true) !== 0x06054b50) end -= 1;
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const made = new Set();
  for (let index = 0; index < entries; index += 1) {
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const header = view.getUint32(at + 42, true);
    const name = decoder.decode(new Uint8Array(buffer, at + 46, nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const path = `${target}/${name}`;
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(parent)) {
      FS.mkdirTree(parent);
      made.add(parent);
    }
    FS.writeFile(path, new Uint8Array(buffer, start, size), { canOwn: false });
  }
}

const actions = {
  run: ({ id, code, name }) => session.run(code, name, (stream, text) => post({ kind: "output", id, stream, text })),
  check: ({ lab, step }) => session.check(lab, step),
  timeline: () => session.timeline(),
  look: ({ act }) => session.look(act),
};

self.onmessage = async ({ data }) => {
  if (data.kind === "boot") {
    try {
      await boot(data);
    } catch (error) {
      post({ kind: "failed", text: String(error?.message ?? error).split("\n").slice(-3).join("\n") });
    }
    return;
  }
  try {
    const began = performance.now();
    const answer = JSON.parse(actions[data.kind](data));
    post({ kind: "answer", id: data.id, answer: { ...answer, ms: Math.round(performance.now() - began) } });
  } catch (error) {
    // Our own Python never raises here; what does is the interpreter itself going down (out of memory, stack).
    post({ kind: "crashed", text: String(error?.message ?? error).split("\n").slice(-3).join("\n") });
  }
};
