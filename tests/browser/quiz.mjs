// Answers one question of each type by keyboard alone, wrongly and rightly, and comes back a day later. Reports what was seen.
import fs from "node:fs";
import { open, require, withBrowser } from "./driver.mjs";

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const DAY_MS = 86_400_000;
const item = (page, id) => page.locator(`#quiz-${id}`);
const press = async (page, id, name) => {
  await item(page, id).locator(`button:visible:has-text("${name}")`).focus();
  await page.keyboard.press("Enter");
};
const look = async (page, id) => ({
  state: await item(page, id).getAttribute("data-state"),
  verdict: await item(page, id).locator(".qi-verdict").textContent(),
  says: await item(page, id).locator(".qi-feedback").textContent(),
  focus: await page.evaluate(() => document.activeElement?.textContent),
});
const check = async (page, id) => {
  await press(page, id, "Check");
  return look(page, id);
};

async function choose(page, id, keys) {
  for (const key of keys) {
    await item(page, id).locator(`input[value="${key}"]`).focus();
    await page.keyboard.press("Space");
  }
}

async function partners(page, id, keys) {
  const selects = item(page, id).locator("select");
  for (let at = 0; at < (await selects.count()); at += 1) await selects.nth(at).selectOption(keys[at]);
}

// Moves each step up with its button until the steps stand as wanted.
async function arrange(page, id, wanted) {
  const keys = () => item(page, id).locator(".qi-steps li").evaluateAll((rows) => rows.map((row) => row.dataset.key));
  for (const [place, key] of wanted.entries()) {
    while ((await keys()).indexOf(key) > place) {
      await item(page, id).locator(`li[data-key="${key}"] .qi-up`).focus();
      await page.keyboard.press("Enter");
    }
  }
}

await withBrowser(async (browser) => {
  const context = await browser.newContext();
  await context.clock.install({ time: new Date("2026-11-27T12:00:00Z") });
  const { page, noted } = await open(context, "events/quiz.html");
  const seen = { empty: await check(page, "url-403-public") };
  await choose(page, "url-403-public", ["c"]);
  seen.single_wrong = await check(page, "url-403-public");
  await press(page, "url-403-public", "Try again");
  await choose(page, "url-403-public", ["b"]);
  seen.single_right = await check(page, "url-403-public");
  await choose(page, "url-right-front", ["a"]);
  seen.multiple_part = await check(page, "url-right-front");
  await press(page, "url-right-front", "Try again");
  await choose(page, "url-right-front", ["b", "c"]);
  seen.multiple_right = await check(page, "url-right-front");
  await page.locator("#quiz-url-requests-per-second-number").fill("1,00,00");
  await page.keyboard.press("Enter");
  seen.numeric_two = await look(page, "url-requests-per-second");
  await page.locator("#quiz-url-requests-per-second-number").fill("5");
  await page.keyboard.press("Enter");
  seen.numeric_wrong = await look(page, "url-requests-per-second");
  await arrange(page, "url-before-your-code", ["a", "b", "c", "d"]);
  seen.order_right = await check(page, "url-before-your-code");
  await partners(page, "url-status-meanings", ["0", "0", "0"]);
  seen.match_part = await check(page, "url-status-meanings");
  await choose(page, "url-predict-string", ["a"]);
  seen.predict_right = await check(page, "url-predict-string");
  await choose(page, "url-spot-the-leak", ["6"]);
  seen.fault_wrong = await check(page, "url-spot-the-leak");
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
  seen.violations = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`);

  await page.goto(new URL("events/index.html", page.url().replace("events/quiz.html", "")).href, { waitUntil: "networkidle" });
  seen.map = await page.locator(".mm-summary").textContent();
  seen.due_today = await landing(page);
  await context.clock.setSystemTime(new Date("2026-11-27T12:00:00Z").getTime() + 1.1 * DAY_MS);
  seen.due_tomorrow = await landing(page);
  await page.locator("due-items .lc-run").first().click();
  await page.locator("due-items quiz-item").first().waitFor();
  seen.asked = await page.locator("due-items quiz-item").evaluateAll((all) => all.map((one) => one.dataset.item).sort());
  await choose(page, "url-403-public", ["b"]);
  seen.again_right = await check(page, "url-403-public");
  seen.due_after = await page.locator(".di-status").textContent();
  seen.fact_link = await page.locator("due-items .fact-link").first().evaluate((link) => new URL(link.href).pathname);
  seen.noted = noted;
  seen.kept = await page.evaluate(() => JSON.parse(localStorage.getItem("course.quiz")).items);
  seen.moved = await move(browser, page);
  await context.close();
  seen.bare = await bare(browser);
  return seen;
});

async function landing(page) {
  await page.goto(new URL("/index.html", page.url()).href, { waitUntil: "networkidle" });
  const box = page.locator("due-items");
  return (await box.isVisible()) ? box.locator(".di-status").textContent() : "";
}

// Progress saved to a file here and taken in by another browser, which has answered something itself; then a file of another kind.
async function move(browser, page) {
  const address = new URL("/reference/this-book.html", page.url()).href;
  await page.goto(address, { waitUntil: "networkidle" });
  await page.locator("read-mark button").click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("keep-progress button").first().click()]);
  const file = await download.path();
  const elsewhere = await browser.newContext();
  const other = (await open(elsewhere, "reference/this-book.html")).page;
  await other.evaluate(() => localStorage.setItem("course.quiz", JSON.stringify({ schema: 1, items: { "own-item": { right: true, at: 1 } } })));
  const take = async (buffer) => {
    await other.locator("keep-progress input").setInputFiles({ name: "progress.json", mimeType: "application/json", buffer });
    await other.waitForFunction(() => document.querySelector("keep-progress [role=status]").textContent);
    const words = await other.locator("keep-progress [role=status]").textContent();
    await other.locator("keep-progress [role=status]").evaluate((node) => (node.textContent = ""));
    return words;
  };
  const found = { said: await take(fs.readFileSync(file)), refused: await take(Buffer.from('{"course": "knitting"}')) };
  found.read = await other.locator("read-mark button").getAttribute("aria-pressed");
  found.items = await other.evaluate(() => Object.keys(JSON.parse(localStorage.getItem("course.quiz")).items));
  await elsewhere.close();
  return found;
}

// Without storage a question is answered all the same; without scripts the answer is there to be opened.
async function bare(browser) {
  const silent = await browser.newContext();
  await silent.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } });
  });
  const { page } = await open(silent, "events/quiz.html");
  await choose(page, "url-403-public", ["b"]);
  const found = { without_storage: (await check(page, "url-403-public")).verdict };
  await silent.close();
  const still = await browser.newContext({ javaScriptEnabled: false });
  const plain = (await open(still, "events/quiz.html")).page;
  await plain.locator("#quiz-url-403-public summary").click();
  found.without_scripts = await plain.locator("#quiz-url-403-public .qi-answers").innerText();
  await still.close();
  return found;
}
