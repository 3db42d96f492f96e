// What this reader answered, and when a missed question comes again. Kept in this browser only, never sent anywhere.
//
// One row an item: `right` of the last answer, `at` its time, and for what was missed `box`, how often it came back right.
// A row without `box` was right the first time and is not asked again.
import schedule from "./schedule.json";

const KEY = "course.quiz";
const SCHEMA = 1;
const DAY_MS = 86_400_000;
const ITEM = /^[a-z][a-z0-9-]{0,99}$/;

let memory = {}; // for browsers that keep nothing

// The next row of an item. Right answers ahead of time change nothing: what was practised a minute ago is not known better for it.
export function next(row, right, now, days = schedule.days) {
  if (!right) return { right: false, at: now, box: 0 };
  if (!row || row.box === undefined) return { right: true, at: now };
  if (row.right && now < dueAt(row, days)) return row;
  const box = row.right || now >= dueAt(row, days) ? row.box + 1 : row.box;
  return { right: true, at: now, box };
}

// When it comes again; Infinity once it came back right at every distance, or was never missed.
export function dueAt(row, days = schedule.days) {
  return row.box === undefined || row.box >= days.length ? Infinity : row.at + days[row.box] * DAY_MS;
}

export function rows() {
  try {
    return parse(JSON.parse(localStorage.getItem(KEY) ?? "null"));
  } catch {
    return memory;
  }
}

export function record(item, right, now = Date.now()) {
  const all = rows();
  store({ ...all, [item]: next(all[item], right, now) });
}

// Ids that are due, the longest overdue first.
export function due(now = Date.now()) {
  const waiting = Object.entries(rows()).filter(([, row]) => dueAt(row) <= now);
  return waiting.sort(([, one], [, other]) => dueAt(one) - dueAt(other)).map(([item]) => item);
}

export const mastered = (item) => rows()[item]?.right === true;

export function toJson() {
  return { schema: SCHEMA, items: rows() };
}

// Takes rows from elsewhere in: of two answers to one item the later counts.
export function merge(document) {
  const all = { ...rows() };
  for (const [item, row] of Object.entries(parse(document))) {
    if (!(all[item]?.at >= row.at)) all[item] = row;
  }
  store(all);
}

function parse(document) {
  if (document?.schema !== SCHEMA || typeof document.items !== "object") return {};
  const sound = ([item, row]) =>
    ITEM.test(item) && typeof row?.right === "boolean" && Number.isFinite(row.at) && (row.box === undefined || Number.isInteger(row.box));
  return Object.fromEntries(
    Object.entries(document.items)
      .filter(sound)
      .map(([item, { right, at, box }]) => [item, box === undefined ? { right, at } : { right, at, box }]),
  );
}

function store(all) {
  memory = all;
  try {
    localStorage.setItem(KEY, JSON.stringify({ schema: SCHEMA, items: all }));
  } catch {
    // Private windows may refuse storage: the answers then live as long as the page.
  }
  window.dispatchEvent(new Event("course-quiz"));
}
