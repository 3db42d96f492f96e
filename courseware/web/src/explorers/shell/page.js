// <course-explorer>: a model whose inputs the reader may turn. The page holds it as computed for the defaults.
import { enliven } from "./enliven.js";

const MODELS = {
  "break-even": () => import("../break-even.js"),
  canary: () => import("../canary.js"),
  "cold-starts": () => import("../cold-starts.js"),
  "memory-price": () => import("../memory-price.js"),
  provisioned: () => import("../provisioned.js"),
  retries: () => import("../retries.js"),
  "sqs-scaling": () => import("../sqs-scaling.js"),
};

class CourseExplorer extends HTMLElement {
  async connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    const { explorer } = await MODELS[this.dataset.explorer]();
    enliven(this, explorer, LIMITS, {});
    this.dataset.alive = "1";
  }
}

customElements.define("course-explorer", CourseExplorer);
