// <live-cell>: Python that runs in the page. The server renders code and output; this makes them editable and alive.
import { button, element } from "./dom.js";
import { runtime, SUPPORTED } from "./runtime.js";

const IN_ORDER = "live-cell:not([data-plain])";
const WITHOUT_WASM =
  "This browser cannot run Python in a page (it needs WebAssembly and web workers). The output shown was made when the page was built; " +
  "on your own machine `./course up` runs the same code.";

let helpId = "";

class LiveCell extends HTMLElement {
  #editor = null;
  #running = false;
  #ran = false;

  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.pre = this.querySelector(".lc-code pre");
    this.source = this.pre.textContent.replace(/\n$/, "");
    this.code = this.source;
    this.output = this.querySelector(".lc-output pre");
    this.caption = this.querySelector(".lc-caption");
    this.picture = this.querySelector(".lc-picture");
    this.built = { text: this.output.innerHTML, picture: this.picture.innerHTML, caption: this.caption.textContent };
    this.#buildBar();
    this.output.setAttribute("role", "log");
    this.output.setAttribute("aria-live", "polite");
    if (!SUPPORTED) {
      this.#say(WITHOUT_WASM);
      this.runButton.disabled = true;
      return;
    }
    const area = this.querySelector(".lc-code");
    area.addEventListener("click", (event) => this.#open({ x: event.clientX, y: event.clientY }));
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !this.#editor && event.target.tagName !== "BUTTON") {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey || event.shiftKey) this.run();
        else this.#open(null);
      }
    });
    runtime.addEventListener("change", () => this.#showState());
    runtime.addEventListener("reset", () => {
      this.#ran = false;
    });
  }

  get isSetup() {
    return this.dataset.role === "setup";
  }

  get hasRun() {
    return this.#ran;
  }

  // Run this cell; set-up cells above it that have not run yet go first.
  async run() {
    if (this.#running || !SUPPORTED) return false;
    for (const cell of this.#above()) {
      if (cell.isSetup && !cell.hasRun && !(await cell.run())) {
        const cause = runtime.state === "failed" ? ` ${runtime.text}` : "";
        this.#say(`The set-up above failed, so this cell was not run.${cause}`);
        return false;
      }
    }
    this.#begin();
    try {
      const answer = await runtime.ask({ kind: "run", code: this.code, name: this.dataset.name }, (stream, text) => this.#write(text, stream));
      this.#finish(answer);
      return answer.ok;
    } catch (error) {
      this.#write(this.output.textContent ? "\n" : "", "note");
      this.#write(String(error.message ?? error), "note");
      this.#end(runtime.state === "failed" ? "Python stopped. Run a cell to start it again." : "Stopped");
      return false;
    }
  }

  #above() {
    const cells = [...document.querySelectorAll(IN_ORDER)];
    return cells.slice(0, cells.indexOf(this));
  }

  async #runAbove() {
    for (const cell of this.#above()) {
      if (!cell.hasRun && !(await cell.run())) return;
    }
    await this.run();
  }

  #begin() {
    this.#running = true;
    this.querySelector(".lc-output").style.minHeight = `${this.querySelector(".lc-output").offsetHeight}px`; // nothing below moves up
    this.output.textContent = "";
    this.picture.textContent = "";
    this.caption.textContent = "Output";
    this.offer?.remove();
    this.dataset.state = "running";
    this.querySelector(".lc-output").hidden = false;
    this.runButton.disabled = true;
    this.stopButton.hidden = false;
    this.#say("Running");
    this.#showState();
  }

  #finish(answer) {
    this.#ran = answer.ok;
    if (answer.value) this.#write(answer.value, "value");
    if (answer.error) this.#write(answer.error, "error");
    if (answer.svg) this.#draw(answer.svg, answer.alt);
    if (!answer.ok && answer.missing && this.#above().some((cell) => !cell.hasRun)) this.#offerAbove(answer.missing);
    this.dataset.ms = answer.ms;
    this.#end(answer.ok ? `Done in ${(answer.ms / 1000).toFixed(answer.ms < 1000 ? 2 : 1)} s` : "Ended with an error");
    if (answer.ok && !this.output.textContent && !answer.svg) this.#write("(no output)", "note");
    this.dataset.state = answer.ok ? "done" : "failed";
    document.dispatchEvent(new CustomEvent("course-cell-ran"));
  }

  #end(text) {
    this.#running = false;
    this.dataset.state = "stopped";
    this.runButton.disabled = false;
    this.stopButton.hidden = true;
    this.#say(text);
  }

  #offerAbove(name) {
    this.offer = element(
      "p",
      { className: "lc-offer" },
      `${name} is made by a cell above that has not run. `,
      button("Run the cells above, then this one", () => this.#runAbove()),
    );
    this.append(this.offer);
  }

  #write(text, stream) {
    if (text) this.output.append(stream === "out" ? text : element("span", { className: `lc-${stream}`, textContent: text }));
  }

  // A picture is shown as an image, so that markup made by a cell can never run as part of the page.
  #draw(svg, alt) {
    const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    this.picture.replaceChildren(element("img", { src: url, alt: alt || "Picture drawn by this cell", onload: () => URL.revokeObjectURL(url) }));
  }

  #reset() {
    this.code = this.source;
    this.#editor?.dispatch({ changes: { from: 0, to: this.#editor.state.doc.length, insert: this.source } });
    this.output.innerHTML = this.built.text;
    this.picture.innerHTML = this.built.picture;
    this.caption.textContent = this.built.caption;
    this.querySelector(".lc-output").hidden = !this.built.text && !this.built.picture;
    this.querySelector(".lc-output").style.minHeight = "";
    this.offer?.remove();
    delete this.dataset.state;
    this.#say("Code and output are as the page had them");
  }

  #buildBar() {
    helpId ||= this.#addHelp();
    const label = this.getAttribute("label") || "Python code";
    this.runButton = button("Run", () => this.run(), "lc-run");
    this.editButton = button("Edit", () => this.#open(null), "lc-edit");
    this.resetButton = button("Reset", () => this.#reset(), "lc-reset");
    this.stopButton = button("Stop", () => runtime.stop("Stopped. The account was thrown away; run the cells again from the top."), "lc-stop");
    for (const [control, words] of [
      [this.runButton, "Run"],
      [this.editButton, "Edit"],
      [this.resetButton, "Reset"],
      [this.stopButton, "Stop"],
    ]) {
      control.setAttribute("aria-label", `${words}: ${label}`);
    }
    this.runButton.title = "Ctrl or ⌘ + Enter";
    this.stopButton.hidden = true;
    this.status = element("span", { className: "lc-status", role: "status" });
    const bar = this.querySelector(".lc-bar");
    bar.replaceChildren(this.runButton, this.stopButton, this.editButton, this.resetButton, this.status);
    this.editButton.hidden = this.runButton.disabled;
  }

  #addHelp() {
    document.body.append(
      element("p", { id: "lc-help", hidden: true, textContent: "Control or Command with Enter runs the code. Tab indents. Escape leaves the editor." }),
    );
    return "lc-help";
  }

  async #open(point) {
    if (this.#editor || this.#opening) {
      return;
    }
    this.#opening = true;
    const { createEditor } = await import("./editor.js");
    const area = this.querySelector(".lc-code");
    const host = element("div", { className: "lc-editor" });
    area.after(host);
    this.#editor = createEditor({
      doc: this.code,
      parent: host,
      label: this.getAttribute("label") || "Python code",
      describedBy: helpId,
      onRun: () => this.run(),
      onLeave: () => this.runButton.focus(),
      onChange: (text) => {
        this.code = text;
      },
    });
    area.hidden = true;
    this.editButton.hidden = true;
    const at = point && this.#editor.posAtCoords(point);
    if (typeof at === "number") this.#editor.dispatch({ selection: { anchor: at } });
    this.#editor.focus();
    runtime.warm().catch(() => {});
  }
  #opening = false;

  #showState() {
    if (!this.#running) return;
    if (runtime.state === "loading") this.#say(runtime.text);
    else if (runtime.state === "ready") this.#say("Running");
  }

  #say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }
}

customElements.define("live-cell", LiveCell);
