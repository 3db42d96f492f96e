// <keep-progress>: everything this browser knows about its reader as a file, and back. It leaves the browser only when asked to.
import { button, element } from "./dom.js";
import { take, toJson } from "./progress.js";
import * as quiz from "./quiz-memory.js";

class KeepProgress extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.status = element("span", { className: "lc-status", role: "status" });
    this.file = element("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-label": "Progress file" });
    this.file.onchange = () => this.#take();
    this.replaceChildren(
      element("div", { className: "lc-bar" }, button("Save my progress to a file", () => this.#save()), button("Take in a file", () => this.file.click()), this.status, this.file),
    );
  }

  #save() {
    const text = JSON.stringify({ course: "aws-lambda-live", progress: toJson(), quiz: quiz.toJson() }, null, 1);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    element("a", { href: url, download: "lambda-course-progress.json" }).click();
    URL.revokeObjectURL(url);
    this.status.textContent = "Saved by the browser as lambda-course-progress.json.";
  }

  // What is there and what comes in are joined; nothing that was passed is lost.
  async #take() {
    const [file] = this.file.files;
    if (!file) return;
    this.file.value = "";
    try {
      const document = JSON.parse(await file.text());
      if (document.course !== "aws-lambda-live") throw new Error("another kind of file");
      take(document.progress);
      quiz.merge(document.quiz);
      this.status.textContent = "Taken in, and joined with what was here.";
    } catch (error) {
      this.status.textContent = `This is no progress file of this course (${error.message}). Nothing was changed.`;
    }
  }
}

customElements.define("keep-progress", KeepProgress);
