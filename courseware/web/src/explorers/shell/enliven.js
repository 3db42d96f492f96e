// Brings an explorer to life: what an input changes is computed, drawn and said again. The parts are there already.
import { admitted, reader } from "./numbers.js";
import { form, fromSlide, picture, table, toSlide } from "./markup.js";

// `root` holds .ex-form, .ex-picture, .ex-sentence and .ex-numbers. `changed` hears new values with what follows from them.
// Gives back a function that sets values from outside.
export function enliven(root, explorer, limits, given, changed = () => {}) {
  const n = reader(limits);
  const inputs = explorer.inputs(n);
  const part = (name) => root.querySelector(`.ex-${name}`);
  const field = (id) => part("form").querySelector(`[name="${id}"]`);
  const slider = (id) => part("form").querySelector(`[data-for="${id}"]`);
  let values = admitted(inputs, given);

  const show = () => {
    const result = explorer.run(values, n);
    const shown = explorer.show(result, values, n);
    const open = part("data").open;
    part("picture").innerHTML = picture(shown);
    part("sentence").textContent = shown.sentence;
    part("numbers").innerHTML = table(shown.table);
    part("data").open = open;
    for (const input of inputs) {
      const off = input.applies?.(values) === false;
      for (const control of [field(input.id), slider(input.id)]) if (control) control.disabled = off;
    }
    return result;
  };
  const put = (input, number) => {
    if (slider(input.id)) {
      slider(input.id).value = toSlide(input, number);
      slider(input.id).setAttribute("aria-valuetext", `${number}${input.unit ? ` ${input.unit}` : ""}`);
    }
  };
  const update = (input, raw) => {
    values = admitted(inputs, { ...values, [input.id]: raw });
    put(input, values[input.id]);
    changed(values, show());
  };

  part("form").addEventListener("input", ({ target }) => {
    const input = inputs.find(({ id }) => id === (target.name || target.dataset.for));
    if (target.type === "range") {
      const value = fromSlide(input, Number(target.value));
      field(input.id).value = value;
      update(input, value);
    } else if (target.value !== "") update(input, target.value);
  });
  // A number outside its bounds is computed as the nearest one inside, and says so once the field is left.
  part("form").addEventListener("change", ({ target }) => {
    if (target.type === "number") target.value = values[target.name];
  });
  part("form").disabled = false;
  part("sentence").setAttribute("role", "status");
  for (const input of inputs) put(input, values[input.id]);
  return {
    values: () => values,
    result: show,
    set(more) {
      values = admitted(inputs, { ...values, ...more });
      for (const input of inputs) {
        field(input.id).value = values[input.id];
        put(input, values[input.id]);
      }
      return show();
    },
  };
}

// All parts at once, for a notebook.
export function build(root, explorer, limits, given, uid) {
  const n = reader(limits);
  const values = admitted(explorer.inputs(n), given);
  const shown = explorer.show(explorer.run(values, n), values, n);
  root.classList.add("explorer");
  root.innerHTML =
    `${form(explorer, n, values, uid, false)}<div class="ex-picture">${picture(shown)}</div><p class="ex-sentence"></p>` +
    `<div class="ex-numbers">${table(shown.table)}</div><div class="ex-notes"></div>`;
  root.querySelector(".ex-sentence").textContent = shown.sentence;
  const notes = root.querySelector(".ex-notes");
  for (const [title, lines] of [
    ["What AWS does", explorer.aws(n).map(([words, fact]) => `${words} (${fact})`)],
    ["What this model assumes", explorer.assumed],
  ]) {
    const list = document.createElement("ul");
    list.append(...lines.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    notes.append(Object.assign(document.createElement("p"), { textContent: title }), list);
  }
}
