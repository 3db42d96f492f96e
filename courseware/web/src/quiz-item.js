// <quiz-item>: a question that can be answered. The page holds question, choices and explanations; this adds controls and feedback.
import { button, element } from "./dom.js";
import { mastered, record } from "./quiz-memory.js";
import { controls } from "./quiz-controls.js";

class QuizItem extends HTMLElement {
  connectedCallback() {
    if (this.dataset.upgraded) return;
    this.dataset.upgraded = "1";
    this.question = this.querySelector(".qi-question");
    this.answers = this.querySelector(".qi-answers");
    this.whys = [...this.answers.querySelectorAll(".qi-why")];
    this.form = element("div", { className: "qi-form", role: "group", "aria-labelledby": this.question.id });
    this.control = controls[this.dataset.type](this);
    this.question.after(this.form);
    this.check = button("Check", () => this.#check(), "lc-run");
    this.again = button("Try again", () => this.#again());
    this.again.hidden = true;
    this.verdict = element("p", { className: "qi-verdict", role: "status" });
    this.feedback = element("div", { className: "qi-feedback" });
    this.form.append(this.feedback, element("div", { className: "lc-bar qi-bar" }, this.check, this.again, this.verdict));
    this.answers.hidden = true;
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.tagName === "INPUT") {
        event.preventDefault();
        if (!this.check.disabled) this.#check();
      }
    });
    window.addEventListener("course-quiz", () => this.#showMastery());
    this.#showMastery();
  }

  // The explanations about a key, in the order of the page.
  why(key) {
    return this.whys.filter((why) => why.dataset.for.split(" ").includes(key));
  }

  #check() {
    const answer = this.control.answer();
    if (answer.missing) {
      this.verdict.textContent = answer.missing;
      return;
    }
    record(this.dataset.item, answer.right);
    this.dataset.state = answer.right ? "right" : "wrong";
    this.verdict.textContent = answer.right ? "Right." : `Not right. ${answer.hint ?? ""}`.trim();
    const said = answer.right ? this.whys : [...new Set(answer.about.flatMap((key) => this.why(key)))];
    this.feedback.replaceChildren(...said); // moved, not copied: ids stay unique
    this.control.lock(true, answer);
    this.check.hidden = true;
    this.again.hidden = false;
    this.again.focus();
    this.dispatchEvent(new CustomEvent("course-answered", { bubbles: true, detail: { right: answer.right } }));
  }

  #again() {
    delete this.dataset.state;
    this.verdict.textContent = "";
    this.answers.append(...this.whys);
    this.control.lock(false);
    this.check.hidden = false;
    this.again.hidden = true;
    this.control.focus();
  }

  #showMastery() {
    this.classList.toggle("qi-mastered", mastered(this.dataset.item));
  }
}

customElements.define("quiz-item", QuizItem);
