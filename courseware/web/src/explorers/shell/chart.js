// Draws a picture from plain data, as the text of an SVG that takes the page's colours.
//
// { label, x: { label, min, max, scale?: "log" | "log1", at, show }, panels: [panel], bands: [{ from, to, label }], marks: [{ x, label }] }
// A panel has { label, series: [{ name, kind: "line" | "step" | "bars", tone: 1 | 2 | 3, points: [[x, y]] }], lines: [{ y, label }] } or
// { label, lanes: [{ name, points: [x], end, note, tone }] }. Tones differ in colour and in stroke, never in colour alone.
import { num } from "./words.js";

const WIDTH = 760;
const LEFT = 62;
const RIGHT = 14;
const PANEL = 138;
const HEAD = 40;
const LANE = 34;
const CHAR = 6.5;

export const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const at = (value) => Number(value.toFixed(1));

function scale({ min, max, scale: kind }) {
  const bend = { log: Math.log, log1: Math.log1p }[kind] ?? ((value) => value);
  const [low, high] = [bend(min), bend(max)];
  const room = WIDTH - LEFT - RIGHT;
  return (value) => LEFT + ((bend(Math.min(max, Math.max(min, value))) - low) / (high - low || 1)) * room;
}

// A step of 1, 2 or 5 times a power of ten, so that about `wanted` of them fit.
function stepOf(max, wanted) {
  const power = 10 ** Math.floor(Math.log10(max / wanted));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => max / step <= wanted) ?? power * 10;
}

function ticks({ min, max, scale: kind, at: given }) {
  if (given) return given.filter((value) => value >= min && value <= max);
  if (kind === "log") {
    const first = Math.ceil(Math.log10(min) - 1e-9);
    return Array.from({ length: Math.floor(Math.log10(max) + 1e-9) - first + 1 }, (_, power) => Number((10 ** (first + power)).toPrecision(6)));
  }
  const step = stepOf(max - min, 8);
  return Array.from({ length: Math.floor((max - min) / step + 1e-9) + 1 }, (_, number) => Number((min + number * step).toPrecision(6)));
}

const text = (x, y, words, anchor = "start", style = "") =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${style ? ` class="${style}"` : ""}>${escaped(words)}</text>`;

function legend(panel, top) {
  const drawn = [text(LEFT, top + 13, panel.label, "start", "ex-strong")];
  let x = LEFT;
  for (const { name, tone, kind } of panel.series.filter((one) => one.name)) {
    const sample =
      kind === "bars"
        ? `<rect class="ex-bar ex-tone${tone}" x="${at(x)}" y="${top + 22}" width="18" height="9"/>`
        : `<path class="ex-line ex-tone${tone}" d="M${at(x)} ${top + 27}h22"/>`;
    drawn.push(sample, text(x + 28, top + 31, name));
    x += 46 + name.length * CHAR;
  }
  return drawn.join("");
}

function curve(kind, points, X, Y) {
  return points
    .map(([x, y], number) => {
      if (!number) return `M${at(X(x))} ${at(Y(y))}`;
      return kind === "step" ? `H${at(X(x))}V${at(Y(y))}` : `L${at(X(x))} ${at(Y(y))}`;
    })
    .join("");
}

function graph(panel, top, X) {
  const tops = [...panel.series.flatMap(({ points }) => points.map(([, y]) => y)), ...(panel.lines ?? []).map(({ y }) => y)];
  const highest = Math.max(...tops.filter(Number.isFinite), 0) || 1;
  const step = stepOf(highest, 4);
  const high = Math.ceil(highest / step - 1e-9) * step;
  const head = panel.series.some(({ name }) => name) ? HEAD : HEAD - 18;
  const [floor, ceiling] = [top + head + PANEL, top + head + 6];
  const Y = (y) => floor - (Math.min(y, high) / high) * (floor - ceiling);
  const drawn = [legend(panel, top)];
  for (let y = 0; y <= high + step / 2; y += step) {
    drawn.push(`<path class="ex-grid" d="M${LEFT} ${at(Y(y))}H${WIDTH - RIGHT}"/>`, text(LEFT - 6, Y(y) + 4, num(y), "end"));
  }
  for (const { kind, tone, points } of panel.series) {
    if (kind === "bars") {
      const wide = points.length > 1 ? Math.max(1.5, (X(points[1][0]) - X(points[0][0])) * 0.7) : 6;
      const shown = points.filter(([, y]) => y > 0);
      drawn.push(...shown.map(([x, y]) => `<rect class="ex-bar ex-tone${tone}" x="${at(X(x))}" y="${at(Y(y))}" width="${at(wide)}" height="${at(floor - Y(y))}"/>`));
    } else drawn.push(`<path class="ex-line ex-tone${tone}" d="${curve(kind, points, X, Y)}"/>`);
  }
  for (const { y, label } of panel.lines ?? []) {
    drawn.push(`<path class="ex-limit" d="M${LEFT} ${at(Y(y))}H${WIDTH - RIGHT}"/>`, text(WIDTH - RIGHT, Y(y) - 4, label, "end", "ex-halo"));
  }
  return { svg: drawn.join(""), height: head + PANEL + 10, from: ceiling, to: floor };
}

function lanes(panel, top, X) {
  const drawn = [text(LEFT, top + 13, panel.label, "start", "ex-strong")];
  panel.lanes.forEach((lane, number) => {
    const y = top + HEAD + number * LANE + 16;
    drawn.push(text(LEFT, y - 9, `${lane.name}: ${lane.note}`, "start", "ex-halo"), `<path class="ex-grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/>`);
    drawn.push(...lane.points.map((x) => `<circle class="ex-dot" cx="${at(X(x))}" cy="${y}" r="3.5"/>`));
    const [x, good] = [at(X(lane.end)), lane.tone === 1];
    drawn.push(
      good
        ? `<circle class="ex-good" cx="${x}" cy="${y}" r="5.5"/>`
        : `<path class="ex-line ex-bad" d="M${x - 5} ${y - 5}l10 10m0 -10l-10 10"/>`,
    );
  });
  const height = HEAD + panel.lanes.length * LANE;
  return { svg: drawn.join(""), height, from: top + HEAD - 12, to: top + height };
}

export function draw({ label, x, panels, bands = [], marks = [] }) {
  const X = scale(x);
  let top = 4;
  const drawn = [];
  let floor = 0;
  for (const panel of panels) {
    const part = panel.lanes ? lanes(panel, top, X) : graph(panel, top, X);
    for (const { from, to } of bands) {
      drawn.push(`<rect class="ex-band" x="${at(X(from))}" y="${at(part.from)}" width="${at(X(to) - X(from))}" height="${at(part.to - part.from)}"/>`);
    }
    drawn.push(part.svg);
    for (const { x: place, label: words } of marks) {
      const side = X(place) > WIDTH / 2 ? "end" : "start";
      drawn.push(`<path class="ex-mark" d="M${at(X(place))} ${at(part.from)}V${at(part.to)}"/>`);
      if (panel === panels[0]) drawn.push(text(X(place) + (side === "end" ? -5 : 5), part.from + 9, words, side, "ex-halo"));
    }
    floor = part.to;
    top += part.height + 4;
  }
  for (const value of ticks(x)) {
    const edge = X(value) > WIDTH - RIGHT - 20 ? "end" : "middle";
    drawn.push(`<path class="ex-tick" d="M${at(X(value))} ${floor}v5"/>`, text(X(value), floor + 18, (x.show ?? num)(value), edge));
  }
  drawn.push(text((LEFT + WIDTH - RIGHT) / 2, floor + 36, x.label, "middle"));
  const height = at(floor + 44);
  const alt = `${label}. The sentence and the table below say the same.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(alt)}">${drawn.join("")}</svg>`;
}
