// Turns the explorers by keyboard, watches for shifts of the page, reads them without scripts, and shows one as a notebook does.
import fs from "node:fs";
import { open, require, rest, site, withBrowser } from "./driver.mjs";

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const pages = JSON.parse(rest[0]); // explorer: page

const alive = (page, name) => page.locator(`course-explorer[data-explorer="${name}"][data-alive]`).waitFor();
const part = (page, name, which) => page.locator(`course-explorer[data-explorer="${name}"] .ex-${which}`);
const field = (page, name, input) => page.locator(`course-explorer[data-explorer="${name}"] [name="${input}"]`);

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => axe.run("course-explorer", { runOnly: rules }), RULES);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`);
}

async function visit(browser, name, address) {
  const context = await browser.newContext({ colorScheme: "light", viewport: { width: 1280, height: 900 } });
  const { page, noted } = await open(context, address);
  await alive(page, name);
  const seen = { sentence: await part(page, name, "sentence").textContent(), role: await part(page, name, "sentence").getAttribute("role") };
  seen.links = await part(page, name, "notes").locator(".fact-link").count();
  await part(page, name, "data").locator("summary").focus();
  await page.keyboard.press("Enter");
  seen.open = await part(page, name, "data").evaluate((node) => node.open);
  seen.violations = await violations(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await page.addStyleTag({ content: "*, ::before, ::after { transition: none !important }" });
  seen.violations.push(...(await violations(page)));
  await context.close();
  return { ...seen, noted };
}

async function turn(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(() => {
    globalThis.shifts = 0;
    const count = (entry) => (globalThis.shifts += entry.value);
    new PerformanceObserver((list) => list.getEntries().forEach(count)).observe({ type: "layout-shift", buffered: true });
  });
  // The last style sheet comes late, so that the page is first painted while its end is still being read.
  await context.route("**/course.css*", async (route) => {
    await new Promise((done) => setTimeout(done, 500));
    await route.continue();
  });
  const { page } = await open(context, pages["memory-price"]);
  const name = "memory-price";
  await alive(page, name);
  const say = () => part(page, name, "sentence").textContent();
  const height = () => page.locator(`course-explorer[data-explorer="${name}"]`).evaluate((node) => node.offsetHeight);
  await page.locator(`course-explorer[data-explorer="${name}"]`).scrollIntoViewIfNeeded();
  const seen = { first: await say(), height: await height() };
  await field(page, name, "target_ms").fill("400");
  seen.none = await say();
  await field(page, name, "target_ms").fill("99999999");
  await page.keyboard.press("Tab");
  seen.bounded = await field(page, name, "target_ms").inputValue();
  await field(page, name, "target_ms").fill("2000");
  const slider = page.locator(`course-explorer[data-explorer="${name}"] [data-for="parallel"]`);
  await slider.focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowRight");
  seen.parallel = { field: await field(page, name, "parallel").inputValue(), spoken: await slider.getAttribute("aria-valuetext"), says: await say() };
  await field(page, name, "architecture").focus();
  await page.keyboard.press("a");
  seen.arm = await say();
  seen.height_after = await height();
  seen.shifts = await page.evaluate(() => globalThis.shifts);
  await context.close();
  return seen;
}

async function still(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const { page } = await open(context, pages["memory-price"]);
  const seen = { sentence: await part(page, "memory-price", "sentence").textContent(), picture: await part(page, "memory-price", "picture").locator("svg").count() };
  seen.disabled = await page.locator("course-explorer .ex-form").first().evaluate((node) => node.disabled);
  await context.close();
  return seen;
}

// A page without explorers, and the script of a notebook with the model that anywidget would hand it.
async function notebook(browser) {
  const context = await browser.newContext();
  const { page } = await open(context, "reference/this-book.html");
  const seen = { defined_elsewhere: await page.evaluate(() => Boolean(customElements.get("course-explorer"))) };
  seen.shown = await page.evaluate(async (script) => {
    const { default: widget } = await import(script);
    const state = { inputs: ["compute_ms", "wait_ms", "parallel", "target_ms", "architecture"], compute_ms: 600, wait_ms: 100, parallel: 1, target_ms: 2000, architecture: "x86_64" };
    const heard = {};
    const model = {
      get: (key) => state[key],
      set: (key, value) => (state[key] = value),
      save_changes: () => {},
      on: (event, call) => (heard[event] = call),
      off: (event) => delete heard[event],
    };
    const el = document.createElement("div");
    document.body.append(el);
    const leave = widget.render({ model, el });
    const first = el.querySelector(".ex-sentence").textContent;
    state.parallel = 4; // as Python would
    heard["change:parallel"]();
    const said = el.querySelector(".ex-sentence").textContent;
    const input = el.querySelector('[name="wait_ms"]');
    input.value = "50";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    const fastest = state.result.fastest;
    leave();
    return { first, said, field: el.querySelector('[name="parallel"]').value, wait_ms: state.wait_ms, fastest, heard: Object.keys(heard), notes: el.querySelectorAll(".ex-notes li").length };
  }, new URL("_static/explorers/memory-price.js", site).href);
  await context.close();
  return seen;
}

await withBrowser(async (browser) => {
  const seen = { visits: {}, turned: await turn(browser), still: await still(browser), notebook: await notebook(browser) };
  for (const [name, address] of Object.entries(pages)) seen.visits[name] = await visit(browser, name, address);
  return seen;
});
