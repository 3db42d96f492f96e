// What this learner has read and passed: kept in the browser, and with the local server when there is one.
import { offers } from "./server.js";

const KEY = "course.progress";
const SCHEMA = 1;
const MARKS = { sections: "read_at", steps: "passed_at" };

let remote = null;

function empty() {
  return { schema: SCHEMA, sections: {}, steps: {} };
}

// A damaged or foreign document counts as none; a newer schema is left untouched and not written over.
function parse(document) {
  if (typeof document !== "object" || document === null || document.schema !== SCHEMA) return empty();
  const kept = empty();
  for (const kind of Object.keys(MARKS)) {
    for (const [id, entry] of Object.entries(document[kind] ?? {})) {
      if (entry && Number.isFinite(entry[MARKS[kind]])) kept[kind][id] = entry;
    }
  }
  return kept;
}

function load() {
  try {
    return parse(JSON.parse(localStorage.getItem(KEY) ?? "null"));
  } catch {
    return memory;
  }
}

let memory = empty(); // for browsers that keep nothing

function store(document) {
  memory = document;
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (!(kept?.schema > SCHEMA)) localStorage.setItem(KEY, JSON.stringify(document));
  } catch {
    // Private windows may refuse storage: the marks then live as long as the page.
  }
  window.dispatchEvent(new Event("course-progress"));
}

// The union of two documents, field by field as the server does it: a step counts from its first pass, a page from its last tick.
export function merge(one, other) {
  const merged = empty();
  for (const [kind, mark] of Object.entries(MARKS)) {
    const first = kind === "steps" ? Math.min : Math.max;
    for (const id of new Set([...Object.keys(one[kind]), ...Object.keys(other[kind])])) {
      const entries = [one[kind][id], other[kind][id]].filter(Boolean);
      const entry = { [mark]: first(...entries.map((row) => row[mark])) };
      const undone = Math.max(0, ...entries.map((row) => row.undone_at ?? 0));
      merged[kind][id] = undone ? { ...entry, undone_at: undone } : entry;
    }
  }
  return merged;
}

export const toJson = () => load();

// Takes in a document from elsewhere; what is no progress counts as none.
export function take(document) {
  store(merge(load(), parse(document)));
  push();
}

export function has(kind, id) {
  const entry = load()[kind][id];
  return Boolean(entry) && entry[MARKS[kind]] > (entry.undone_at ?? 0);
}

export function mark(kind, id) {
  if (!has(kind, id)) change(kind, id, { ...load()[kind][id], [MARKS[kind]]: Date.now() });
}

export function unmark(kind, id) {
  const entry = load()[kind][id];
  if (entry) change(kind, id, { ...entry, undone_at: Math.max(Date.now(), entry[MARKS[kind]]) });
}

function change(kind, id, entry) {
  const document = load();
  document[kind][id] = entry;
  store(document);
  push();
}

async function push() {
  if (!remote) return;
  try {
    await fetch(remote, { method: "PUT", headers: headers(), body: JSON.stringify(load()), credentials: "same-origin" });
  } catch {
    // The server was stopped: the browser still has everything, and the next visit sends it.
  }
}

function headers() {
  const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1];
  return { "content-type": "application/json", ...(token ? { "x-xsrftoken": decodeURIComponent(token) } : {}) };
}

// With the local server behind the page, what it keeps and what the browser keeps become one.
export async function connect() {
  const { progress: url } = await offers;
  if (!url) return;
  try {
    const kept = await fetch(url, { credentials: "same-origin", cache: "no-store" });
    if (!kept.ok) return;
    remote = url;
    store(merge(load(), parse(await kept.json())));
    await push();
  } catch {
    // The server went away in between: the browser still has everything.
  }
}
