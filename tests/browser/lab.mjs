// Whole labs in the page, one after the other in one browser, as lines of standard input ask for them ({"slug", "solution"}), each
// answered by a line. The first step fails as given and hints; then every step with its reference solution, and a reload.
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { run, state, text, type } from "./cells.mjs";
import { launch, open } from "./driver.mjs";

async function whole(context, { slug, solution }) {
  const { page, noted } = await open(context, `labs/${slug}.html`);
  const steps = await page.locator("lab-step").evaluateAll((all) => all.map((step) => step.dataset.step));
  const verdict = async (id) => {
    const step = page.locator(`lab-step[data-step="${id}"]`);
    await step.locator(".ls-verdict").evaluate((node) => (node.textContent = ""));
    await step.locator("button", { hasText: "Check my work" }).click();
    await page.waitForFunction(
      (at) => /^(Passed|Not yet|The check)/.test(document.querySelector(`lab-step[data-step="${at}"] .ls-verdict`).textContent),
      id,
      { timeout: 90_000 },
    );
    return step.locator(".ls-verdict").textContent();
  };
  const found = { before: await verdict(steps[0]), after: {} };
  const first = page.locator("lab-step").first();
  await first.locator("button", { hasText: "hint" }).click();
  found.hint = await first.locator(".ls-hints li").first().textContent();
  for (const id of steps) {
    const index = await page.evaluate((at) => [...document.querySelectorAll("live-cell")].findIndex((one) => one.getAttribute("label") === `step ${at}`), id);
    await type(page, index, fs.readFileSync(path.join(solution, `${id.replace(/-/g, "_")}.py`), "utf8"));
    await run(page, index);
    found.after[id] = (await state(page, index)) === "done" ? await verdict(id) : await text(page, index);
  }
  await page.reload({ waitUntil: "networkidle" });
  found.remembered = await page.locator("lab-step .ls-verdict").allTextContents();
  found.errors = noted.errors;
  return found;
}

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
for await (const line of readline.createInterface({ input: process.stdin })) {
  const found = await whole(context, JSON.parse(line)).catch((error) => ({ broke: String(error?.stack ?? error) }));
  console.log(JSON.stringify(found));
  for (const page of context.pages()) await page.close();
}
await browser.close();
