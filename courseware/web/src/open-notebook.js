// <open-notebook>: leads from a page with cells to the same page in JupyterLab, where there is one.
import { element } from "./dom.js";
import { offers } from "./server.js";

class OpenNotebook extends HTMLElement {
  async connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    const { notebook } = await offers;
    if (!notebook) return;
    const page = this.dataset.page;
    const address = page.startsWith("labs/") ? new URL(`/lab/tree/${page.slice(5)}/lab.ipynb`, notebook) : new URL(page, notebook);
    this.append(element("a", { href: address.href, className: "lc-button", target: "_blank", rel: "noopener", textContent: "Open this page in JupyterLab" }));
  }
}

customElements.define("open-notebook", OpenNotebook);
