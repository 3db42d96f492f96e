// How each type of question is answered. A control gives answer(), lock(on, answer) and focus(); answer() says whether it is
// right, which keys its explanations are `about`, and, when there is nothing to check yet, what is `missing`.
import { button, element } from "./dom.js";
import { numberOf, TWO_READINGS } from "./number.js";

export const controls = {
  single: (item) => choices(item, "radio"),
  multiple: (item) => choices(item, "checkbox"),
  predict: (item) => choices(item, "radio"),
  fault: (item) => choices(item, "radio"),
  numeric,
  order,
  match,
};

function choices(item, type) {
  const list = item.querySelector(".qi-choices");
  const inputs = [...list.children].map((row) => {
    const input = element("input", { type, name: `${item.id}-choice`, value: row.dataset.key });
    row.replaceChildren(element("label", {}, input, element("span", { className: "qi-text" }, ...row.childNodes)));
    return input;
  });
  list.removeAttribute("type");
  list.setAttribute("role", "list");
  item.form.append(list);
  const right = (input) => item.why(input.value).some((why) => why.dataset.right === "true");
  return {
    answer() {
      const taken = inputs.filter((input) => input.checked);
      if (taken.length === 0) return { missing: type === "radio" ? "Choose one first." : "Choose at least one first." };
      const hits = taken.filter(right).length;
      const all = inputs.filter(right).length;
      return {
        right: hits === all && taken.length === all,
        about: taken.map((input) => input.value),
        hint: type === "checkbox" && hits === taken.length ? "What you chose is right, and something is missing." : "",
      };
    },
    lock(on, answer) {
      if (list.matches(".qi-lines")) list.toggleAttribute("tabindex", on); // long lines scroll, by keyboard too when no line can be chosen
      if (list.hasAttribute("tabindex")) list.tabIndex = 0;
      for (const input of inputs) {
        input.disabled = on;
        const shown = on && (input.checked || answer.right);
        input.closest("li").classList.toggle("qi-right", shown && right(input));
        input.closest("li").classList.toggle("qi-wrong", shown && input.checked && !right(input));
      }
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
  };
}

function numeric(item) {
  const { value, tolerance, unit } = item.dataset;
  const input = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", className: "qi-number", id: `${item.id}-number` });
  item.form.append(element("p", { className: "qi-number-row" }, input, element("label", { for: input.id, textContent: ` ${unit}` })));
  return {
    answer() {
      const number = numberOf(input.value);
      if (number === null) return { missing: TWO_READINGS };
      if (Number.isNaN(number)) return { missing: "Enter a number first, without the unit." };
      const near = Number(tolerance) + 1e-9 * Math.max(1, Math.abs(value));
      const right = Math.abs(number - Number(value)) <= near;
      return { right, about: [right ? "=" : String(number)] };
    },
    lock: (on) => {
      input.readOnly = on;
    },
    focus: () => input.select(),
  };
}

function order(item) {
  const list = item.querySelector(".qi-steps");
  const solution = item.whys.map((why) => why.dataset.for).filter((key) => key !== "*");
  const said = element("p", { className: "visually-hidden", role: "status" });
  const move = (row, by) => {
    const at = [...list.children].indexOf(row);
    const to = at + by;
    if (to < 0 || to >= list.children.length) return;
    (by < 0 ? list.children[to] : row).before(by < 0 ? row : list.children[to]);
    said.textContent = `Now ${to + 1} of ${list.children.length}`;
    number();
  };
  const number = () => {
    [...list.children].forEach((row, at) => {
      row.querySelector(".qi-place").textContent = `${at + 1}.`;
      row.querySelector(".qi-up").disabled = at === 0;
      row.querySelector(".qi-down").disabled = at === list.children.length - 1;
    });
  };
  for (const row of list.children) {
    const words = row.textContent.trim();
    const arrow = (sign, way, by) => {
      const control = button(sign, () => {
        move(row, by);
        (control.disabled ? row.querySelector(by < 0 ? ".qi-down" : ".qi-up") : control).focus();
      }, `qi-${way}`);
      control.setAttribute("aria-label", `Move ${way}: ${words}`);
      return control;
    };
    const text = element("span", { className: "qi-text" }, ...row.childNodes);
    row.replaceChildren(element("span", { className: "qi-place" }), text, arrow("↑", "up", -1), arrow("↓", "down", 1));
  }
  list.setAttribute("role", "list");
  number();
  item.form.append(list, said);
  return {
    answer() {
      const given = [...list.children].map((row) => row.dataset.key);
      const about = given.filter((key, at) => key !== solution[at]);
      return { right: about.length === 0, about: [], hint: `${given.length - about.length} of ${given.length} stand where they belong.` };
    },
    lock(on) {
      for (const [at, row] of [...list.children].entries()) {
        row.classList.toggle("qi-right", on && row.dataset.key === solution[at]);
        row.classList.toggle("qi-wrong", on && row.dataset.key !== solution[at]);
        for (const control of row.querySelectorAll("button")) control.hidden = on;
      }
    },
    focus: () => list.querySelector("button:not(:disabled)").focus(),
  };
}

function match(item) {
  const lefts = item.querySelector(".qi-lefts");
  const rights = item.querySelector(".qi-rights");
  const partner = (key) => item.why(key)[0].dataset.partner;
  const selects = [...lefts.children].map((row, at) => {
    const options = [...rights.children].map((right) => element("option", { value: right.dataset.key, textContent: right.textContent.trim() }));
    const select = element("select", { id: `${item.id}-left-${at}` }, element("option", { value: "", textContent: "Choose" }), ...options);
    const label = element("label", { for: select.id, className: "qi-text" }, ...row.childNodes);
    for (const paragraph of label.querySelectorAll("p")) paragraph.replaceWith(...paragraph.childNodes);
    row.replaceChildren(label, select);
    return { key: row.dataset.key, row, select };
  });
  lefts.setAttribute("role", "list");
  rights.hidden = true;
  item.form.append(lefts);
  return {
    answer() {
      if (selects.some(({ select }) => !select.value)) return { missing: "Choose a partner for each first." };
      const missed = selects.filter(({ key, select }) => select.value !== partner(key));
      return { right: missed.length === 0, about: [], hint: `${selects.length - missed.length} of ${selects.length} are matched.` };
    },
    lock(on) {
      for (const { key, row, select } of selects) {
        select.disabled = on;
        row.classList.toggle("qi-right", on && select.value === partner(key));
        row.classList.toggle("qi-wrong", on && select.value !== partner(key));
      }
    },
    focus: () => selects[0].select.focus(),
  };
}
