// <read-mark>: the reader's own tick at the end of a page, and the ticks beside the pages in the side bar.
import { element } from "./dom.js";
import { has, mark, unmark } from "./progress.js";

class ReadMark extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.toggle = element("button", { type: "button", className: "lc-button", onclick: () => this.#flip() });
    this.replaceChildren(this.toggle);
    window.addEventListener("course-progress", () => this.#show());
    window.addEventListener("storage", () => this.#show());
    this.#show();
  }

  #flip() {
    (has("sections", this.dataset.page) ? unmark : mark)("sections", this.dataset.page);
  }

  #show() {
    const read = has("sections", this.dataset.page);
    this.toggle.setAttribute("aria-pressed", String(read));
    this.toggle.textContent = read ? "✓ Read" : "Mark this page as read";
    tickSideBar(this.dataset.root);
  }
}

function tickSideBar(root) {
  const home = new URL(root || "./", location.href);
  for (const link of document.querySelectorAll(".bd-sidebar-primary a.reference.internal")) {
    const page = new URL(link.href).pathname.slice(home.pathname.length).replace(/\.html$/, "") || "index";
    const read = has("sections", page);
    link.classList.toggle("page-read", read);
    let words = link.querySelector(".page-read-words");
    if (read && !words) link.append(element("span", { className: "page-read-words visually-hidden", textContent: " (read)" }));
    if (!read) words?.remove();
  }
}

customElements.define("read-mark", ReadMark);
