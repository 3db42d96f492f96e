// <lab-step>: "Check my work" for one step of a lab, with hints that come one at a time.
import { button, element } from "./dom.js";
import { has, mark } from "./progress.js";
import { runtime, SUPPORTED } from "./runtime.js";

class LabStep extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.id = this.id || `step-${this.dataset.step}`;
    this.check = button("Check my work", () => this.#check(), "lc-run");
    this.check.disabled = !SUPPORTED;
    this.verdict = element("p", { className: "ls-verdict", role: "status" });
    this.hints = element("ol", { className: "ls-hints" });
    this.more = button("Show a hint", () => this.#hint());
    this.more.hidden = true;
    this.querySelector(".ls-body").replaceChildren(this.check, this.more, this.verdict, this.hints);
    window.addEventListener("course-progress", () => this.#showProgress());
    this.#showProgress();
  }

  get #key() {
    return `${this.dataset.lab}/${this.dataset.step}`;
  }

  #showProgress() {
    const passed = has("steps", this.#key);
    this.classList.toggle("ls-passed", passed);
    if (passed && !this.verdict.textContent) this.verdict.textContent = "You passed this step.";
  }

  async #check() {
    this.check.disabled = true;
    this.verdict.textContent = runtime.ready ? "Checking" : "Loading Python, then checking";
    try {
      const answer = await runtime.ask({ kind: "check", lab: this.dataset.lab, step: this.dataset.step });
      this.#show(answer);
    } catch (error) {
      this.verdict.textContent = `The check did not finish: ${error.message ?? error}`;
    } finally {
      this.check.disabled = false;
    }
  }

  #show({ passed, message, hints }) {
    this.classList.toggle("ls-failed", !passed);
    this.verdict.textContent = passed ? `Passed. ${message}` : `Not yet. ${message}`;
    this.waiting = passed ? [] : [...hints];
    this.hints.replaceChildren();
    this.more.hidden = this.waiting.length === 0;
    this.more.textContent = "Show a hint";
    if (passed) mark("steps", this.#key);
  }

  #hint() {
    this.hints.append(element("li", { textContent: this.waiting.shift() }));
    this.more.textContent = "Show the next hint";
    this.more.hidden = this.waiting.length === 0;
    this.hints.lastChild.tabIndex = -1;
    this.hints.lastChild.focus();
  }
}

customElements.define("lab-step", LabStep);
