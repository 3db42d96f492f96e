// The page's one runtime: a worker that is started on first use, asked in turn, and thrown away to stop it.
const base = new URL("./", import.meta.url);

export const SUPPORTED =
  typeof WebAssembly === "object" && typeof Worker === "function" && typeof DecompressionStream === "function";

class Runtime extends EventTarget {
  state = "idle"; // idle, loading, ready, failed
  text = "";
  #worker = null;
  #pending = new Map();
  #next = 1;
  #ready = null;

  get ready() {
    return this.state === "ready";
  }

  // Begin loading; harmless when already begun.
  warm() {
    if (this.#worker || !SUPPORTED) return this.#ready ?? Promise.reject(new Error("unsupported"));
    this.#set("loading", "Loading Python");
    const worker = new Worker(new URL(WORKER_FILE, base), { type: "module" });
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => this.#hear(data, resolve, reject);
      worker.onerror = (event) => this.#lose(event.message || "the worker could not be started", reject);
    });
    this.#ready.catch(() => {});
    worker.postMessage({ kind: "boot", base: base.href, archives: ARCHIVES });
    return this.#ready;
  }

  // Ask the worker something; resolves with its answer, rejects when it was stopped or lost.
  async ask(message, onOutput) {
    await this.warm();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onOutput });
      this.#worker.postMessage({ ...message, id });
    });
  }

  // The hard stop: whatever runs is gone, and the account with it.
  stop(text) {
    this.#discard(new Error(text));
    this.#set("idle", "");
    this.dispatchEvent(new Event("reset"));
  }

  #hear(data, resolve, reject) {
    const pending = this.#pending.get(data.id);
    if (data.kind === "progress") {
      const share = Math.min(100, Math.round((100 * data.loaded) / data.total));
      this.#set("loading", `Loading Python: ${share} % of ${(data.total / 1e6).toFixed(0)} MB`);
    } else if (data.kind === "stage") {
      this.#set("loading", data.text);
    } else if (data.kind === "ready") {
      this.#set("ready", "");
      resolve();
    } else if (data.kind === "output") {
      pending?.onOutput?.(data.stream, data.text);
    } else if (data.kind === "answer") {
      this.#pending.delete(data.id);
      pending?.resolve(data.answer);
    } else {
      this.#lose(data.text, reject);
    }
  }

  #lose(text, reject) {
    const error = new Error(text);
    reject(error);
    this.#discard(error);
    this.#set("failed", text);
    this.dispatchEvent(new Event("reset"));
  }

  #discard(error) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = null;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #set(state, text) {
    this.state = state;
    this.text = text;
    this.dispatchEvent(new Event("change"));
  }
}

export const runtime = new Runtime();
