// <module-map>: what of a module's topics was read, passed and mastered. Without it the table says how much there is.
import { element } from "./dom.js";
import { has } from "./progress.js";
import { mastered } from "./quiz-memory.js";

class ModuleMap extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.summary = element("p", { className: "mm-summary" });
    this.prepend(this.summary);
    for (const event of ["course-progress", "course-quiz", "storage"]) window.addEventListener(event, () => this.#show());
    this.#show();
  }

  #show() {
    const total = { sections: [0, 0], steps: [0, 0], items: [0, 0] };
    const seen = new Set();
    for (const cell of this.querySelectorAll("td[data-kind]")) {
      const { kind } = cell.dataset;
      const ids = JSON.parse(cell.dataset.ids);
      const done = ids.filter((id) => (kind === "items" ? mastered(id) : has(kind, id)));
      if (ids.length) cell.textContent = `${done.length === ids.length ? "✓ " : ""}${done.length} of ${ids.length}`;
      // A step may belong to two topics; in the sum it counts once.
      for (const id of ids.filter((id) => !seen.has(`${kind} ${id}`))) {
        seen.add(`${kind} ${id}`);
        total[kind][0] += done.includes(id) ? 1 : 0;
        total[kind][1] += 1;
      }
    }
    const done = { sections: "pages read", steps: "lab steps passed", items: "questions right" };
    const known = Object.entries(done).filter(([kind]) => total[kind][1]);
    this.summary.textContent = known.map(([kind, words]) => `${total[kind][0]} of ${total[kind][1]} ${words}`).join(" · ");
  }
}

customElements.define("module-map", ModuleMap);
