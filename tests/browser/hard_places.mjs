// A live page where it is hard: no WebAssembly and no storage, a line that breaks; and whether anything moves while a cell runs.
import { cell, run, state, text } from "./cells.mjs";
import { open, withBrowser } from "./driver.mjs";

await withBrowser(async (browser) => ({ bare: await bare(browser), shift: await shift(browser), grown: await grown(browser), broken_line: await brokenLine(browser) }));

// How far the page moved under the reader while its cell ran, as Chromium scores it (0: not at all).
async function shift(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const { page } = await open(context, "index.html");
  await page.evaluate(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: false });
  });
  await page.evaluate(() => document.querySelectorAll("live-cell")[1].scrollIntoView());
  await run(page, 1);
  await page.waitForTimeout(200);
  const found = await page.evaluate(() => globalThis.shifted);
  await context.close();
  return found;
}

// By how many pixels a cell is higher once a slow machine has run it: durations of a second wrap the report's line once more.
async function grown(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const { page } = await open(context, "index.html");
  const height = () => page.evaluate(() => document.querySelectorAll("live-cell")[1].getBoundingClientRect().height);
  const before = await height();
  await page.evaluate(() => {
    const live = document.querySelectorAll("live-cell")[1];
    const slow = live.querySelector(".lc-output pre").textContent.replace(/Duration: [\d.]+/g, "Duration: 1111.57");
    live.code = `print(${JSON.stringify(slow.trimEnd())})`;
  });
  await run(page, 1);
  const printed = await text(page, 1);
  const after = await height();
  await context.close();
  return { by: after - before, printed };
}

// A cell says how much of the runtime it has; a line that breaks is said to have broken, and the next run works.
async function brokenLine(browser) {
  const context = await browser.newContext();
  const { page } = await open(context, "index.html");
  const said = new Set();
  await page.exposeFunction("heard", (words) => void said.add(words));
  await page.evaluate(() => {
    const status = document.querySelectorAll("live-cell")[0].querySelector(".lc-status");
    new MutationObserver(() => globalThis.heard(status.textContent)).observe(status, { childList: true });
  });
  await context.route("**/wasm.bin", (route) => route.abort());
  await cell(page, 1).locator(".lc-run").click();
  await page.waitForFunction(() => [...document.querySelectorAll("live-cell")].every((one) => one.dataset.state !== "running"), null, { timeout: 60_000 });
  const broken = await cell(page, 1).locator(".lc-status").textContent();
  await context.unroute("**/wasm.bin");
  await run(page, 1);
  const found = { broken, after: await state(page, 1), progress: [...said].filter((words) => /% of/.test(words)).length };
  await context.close();
  return found;
}

// Without WebAssembly, and without storage, the page says so and stays whole.
async function bare(browser) {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    delete globalThis.WebAssembly;
    Object.defineProperty(globalThis, "localStorage", { get: () => { throw new DOMException("denied", "SecurityError"); } });
  });
  const { page, noted } = await open(context, "index.html");
  const found = { status: await cell(page, 1).locator(".lc-status").textContent(), output: await text(page, 1) };
  await page.locator("read-mark button").click();
  found.marked = await page.locator("read-mark button").getAttribute("aria-pressed");
  found.errors = noted.errors.filter((words) => !/SecurityError|theme mode/.test(words)); // the theme's own scripts want storage
  await context.close();
  return found;
}
