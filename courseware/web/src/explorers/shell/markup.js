// The parts of an explorer as text: written into the page when it is built, and by a notebook's widget when it is shown.
import { draw, escaped } from "./chart.js";

const SLIDES = 100;

// Where a slider with a wide range stands: it moves by factors, so that small values can be reached, too.
const bent = ({ min, max }) => max - min > 200;
const low = ({ min }) => Math.max(min, 0);
export function toSlide(input, value) {
  if (!bent(input)) return value;
  return Math.round((Math.log1p(value - low(input)) / Math.log1p(input.max - low(input))) * SLIDES);
}
export function fromSlide(input, place) {
  if (!bent(input)) return place;
  const value = low(input) + Math.expm1((place / SLIDES) * Math.log1p(input.max - low(input)));
  if (place <= 0) return input.min;
  if (place >= SLIDES) return input.max;
  const rounded = Number(value.toPrecision(2));
  return Math.min(input.max, Math.max(input.min, Math.round(rounded / input.step) * input.step));
}

function control(input, value, id, off) {
  const state = off ? " disabled" : "";
  if (input.options) {
    const options = input.options.map(([key, words]) => `<option value="${escaped(key)}"${key === value ? " selected" : ""}>${escaped(words)}</option>`);
    return `<select id="${id}" name="${input.id}"${state}>${options.join("")}</select>`;
  }
  const [from, to, by] = bent(input) ? [0, SLIDES, 1] : [input.min, input.max, input.step];
  const bounds = `min="${input.min}" max="${input.max}" step="any"`;
  return (
    `<span class="ex-pair"><input id="${id}" name="${input.id}" type="number" inputmode="decimal" ${bounds} value="${value}"${state}>` +
    `<input data-for="${input.id}" type="range" aria-label="${escaped(input.label)}, slider" min="${from}" max="${to}" step="${by}" value="${toSlide(input, value)}"${state}></span>`
  );
}

export function form(explorer, n, values, uid, disabled) {
  const rows = explorer.inputs(n).map((input) => {
    const id = `${uid}-${input.id.replaceAll("_", "-")}`;
    const unit = input.unit ? ` <span class="ex-unit">(${escaped(input.unit)})</span>` : "";
    return `<div class="ex-input"><label for="${id}">${escaped(input.label)}${unit}</label>${control(input, values[input.id], id, input.applies?.(values) === false)}</div>`;
  });
  return `<fieldset class="ex-form"${disabled ? " disabled" : ""}><legend>${escaped(explorer.title)}</legend>${rows.join("")}</fieldset>`;
}

export const picture = (shown) => `<div class="ex-scroll" tabindex="0" role="region" aria-label="Chart">${draw(shown.chart)}</div>`;

const WORDS = /[a-z]{3,}|, /;

export function table({ caption, head, rows }) {
  const side = head.map((_, at) => (rows.some((row) => WORDS.test(row[at])) ? ' class="ex-words"' : "")); // figures stand at the right
  const heads = head.map((words, at) => `<th scope="col"${side[at]}>${escaped(words)}</th>`).join("");
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((words, at) => `<td${side[at + 1]}>${escaped(words)}</td>`).join("");
    return `<tr><th scope="row">${escaped(first)}</th>${cells}</tr>`;
  });
  return (
    `<details class="ex-data"><summary>The numbers as a table</summary><div class="ex-scroll" tabindex="0" role="region" aria-label="${escaped(caption)}">` +
    `<table class="ex-table"><caption>${escaped(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>${body.join("")}</tbody></table></div></details>`
  );
}
