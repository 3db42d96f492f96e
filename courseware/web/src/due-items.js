// <due-items>: the questions that are due again, on the landing page; each is fetched from the page it stands on.
import { button, element } from "./dom.js";
import { due } from "./quiz-memory.js";

const root = new URL("../", import.meta.url);
const AT_ONCE = 10;

class DueItems extends HTMLElement {
  async connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.hidden = true;
    const waiting = due();
    if (waiting.length === 0) return;
    const index = await this.#index();
    this.waiting = waiting.filter((item) => index[item]);
    if (this.waiting.length === 0) return;
    this.pages = index;
    this.status = element("p", { role: "status", className: "di-status" });
    this.start = button("Answer them now", () => this.#open(), "lc-run");
    this.asked = element("div");
    this.replaceChildren(element("h2", { textContent: "Due again" }), this.status, this.start, this.asked);
    this.addEventListener("course-answered", () => this.#count());
    this.#count();
    this.hidden = false;
  }

  #count() {
    const left = new Set(due());
    const count = this.waiting.filter((item) => left.has(item)).length;
    const words = `${count} question${count === 1 ? "" : "s"} that you missed ${count === 1 ? "is" : "are"} due again.`;
    this.status.textContent = count ? words : "All done for today.";
  }

  async #index() {
    try {
      return await (await fetch(new URL("_static/quiz-index.json", root))).json();
    } catch {
      return {}; // read from a file, or without a network: the questions are still on their pages
    }
  }

  async #open() {
    this.start.disabled = true;
    const fetched = new Map();
    for (const item of this.waiting.slice(0, AT_ONCE)) {
      const [page] = this.pages[item];
      const address = new URL(`${page}.html`, root);
      if (!fetched.has(page)) fetched.set(page, this.#page(address));
      const question = (await fetched.get(page))?.getElementById(`quiz-${item}`);
      if (question) this.asked.append(rebased(document.importNode(question, true), address));
    }
    this.start.hidden = true;
    this.asked.querySelector("input, select, button")?.focus();
  }

  async #page(address) {
    const answer = await fetch(address);
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  }
}

// Links of another page, made to lead from here where they led from there; its numbered notes, made to differ from ours.
function rebased(question, address) {
  for (const note of question.querySelectorAll(".fact-note")) note.id = `${question.id}-${note.id}`;
  for (const link of question.querySelectorAll(".fact-link")) link.setAttribute("aria-describedby", link.nextElementSibling.id);
  for (const link of question.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), address).href;
  return question;
}

customElements.define("due-items", DueItems);
