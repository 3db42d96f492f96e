// <page-account>: what happened in this page's account, as a picture, and a way to start over.
import { button, element } from "./dom.js";
import { runtime } from "./runtime.js";

class PageAccount extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.hidden = true;
    this.picture = element("div", { className: "pa-picture" });
    this.status = element("span", { className: "lc-status", role: "status" });
    this.show = button("Show what happened", () => this.#draw());
    this.over = button("Start over", () => runtime.stop("Started over. The account is new and empty."));
    this.append(
      element("h2", { className: "pa-title", textContent: "The account behind this page" }),
      element("p", {
        textContent:
          "All cells of this page share one AWS account that lives in this browser tab. Nothing leaves your machine; closing the tab ends it.",
      }),
      element("div", { className: "lc-bar" }, this.show, this.over, this.status),
      this.picture,
    );
    document.addEventListener("course-cell-ran", () => {
      this.hidden = false;
    });
    runtime.addEventListener("reset", () => {
      this.picture.replaceChildren();
      this.status.textContent = "The account is new and empty. Run the cells again from the top.";
    });
  }

  async #draw() {
    this.status.textContent = "Drawing";
    try {
      const { svg, alt } = await runtime.ask({ kind: "timeline" });
      const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      const image = element("img", { src: url, alt });
      image.onload = () => URL.revokeObjectURL(url);
      this.picture.replaceChildren(element("div", { className: "pa-scroll", tabIndex: 0, role: "region", "aria-label": "Timeline" }, image));
      this.status.textContent = "";
    } catch (error) {
      this.status.textContent = String(error.message ?? error);
    }
  }
}

customElements.define("page-account", PageAccount);
