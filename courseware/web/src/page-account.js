// <page-account>: what is in this page's account and what happened there, its clock, and a way to start over.
import { button, element } from "./dom.js";
import { runtime } from "./runtime.js";

class PageAccount extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.hidden = true;
    this.seen = element("div", { className: "pa-seen" });
    this.status = element("span", { className: "lc-status", role: "status" });
    const look = (label, act, title) => {
      const control = button(label, () => this.#look(act));
      control.title = title;
      return control;
    };
    this.append(
      element("h2", { className: "pa-title", textContent: "The account behind this page" }),
      element("p", {
        textContent:
          "All cells of this page share one AWS account that lives in this browser tab. Nothing leaves your machine; closing the tab ends it.",
      }),
      element(
        "div",
        { className: "lc-bar" },
        look("Show logs and resources", "refresh", "Functions, queues, alarms and the newest log lines"),
        button("Show what happened", () => this.#draw()),
        look("+1 minute", "minute", "Let a minute pass: what falls due happens"),
        look("+1 hour", "hour", "Let an hour pass: what falls due happens"),
        look("Until quiet", "until_quiet", "Let time pass until nothing is running or due"),
        button("Start over", () => runtime.stop("Started over. The account is new and empty.")),
        this.status,
      ),
      this.seen,
    );
    document.addEventListener("course-cell-ran", () => {
      this.hidden = false;
    });
    runtime.addEventListener("reset", () => {
      this.seen.replaceChildren();
      this.status.textContent = "The account is new and empty. Run the cells again from the top.";
    });
  }

  async #ask(words, message) {
    this.status.textContent = words;
    try {
      const answer = await runtime.ask(message);
      this.status.textContent = "";
      return answer;
    } catch (error) {
      this.status.textContent = String(error.message ?? error);
      return null;
    }
  }

  async #draw() {
    const answer = await this.#ask("Drawing", { kind: "timeline" });
    if (!answer) return;
    const url = URL.createObjectURL(new Blob([answer.svg], { type: "image/svg+xml" }));
    const image = element("img", { src: url, alt: answer.alt });
    image.onload = () => URL.revokeObjectURL(url);
    this.seen.replaceChildren(element("div", { className: "pa-scroll", tabIndex: 0, role: "region", "aria-label": "Timeline" }, image));
  }

  async #look(act) {
    const answer = await this.#ask("Looking", { kind: "look", act });
    if (!answer) return;
    this.status.textContent = answer.message;
    const scroll = { className: "pa-scroll", tabIndex: 0, role: "region", "aria-label": "The account now" };
    this.seen.replaceChildren(element("p", { className: "pa-clock", textContent: answer.clock }), element("div", scroll, ...answer.tables.map(table)));
  }
}

function table({ caption, header, rows }) {
  if (rows.length === 0) return element("p", { textContent: `${caption}: none` });
  const head = header.map((name) => element("th", { scope: "col", textContent: name }));
  const body = rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", { textContent: cell }))));
  return element(
    "table",
    { className: "pa-table" },
    element("caption", { textContent: caption }),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
}

customElements.define("page-account", PageAccount);
