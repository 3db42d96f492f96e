// How high questions and maps are before their script is there and after: what moves a page when it comes alive.
import { site, withBrowser } from "./driver.mjs";

const pages = process.argv.slice(5);

await withBrowser(async (browser) => {
  const report = {};
  for (const width of [1280, 390]) {
    for (const address of pages) {
      const [before, after] = [await heights(browser, width, address, false), await heights(browser, width, address, true)];
      report[`${address} at ${width}`] = Object.fromEntries(Object.keys(after).map((name) => [name, [before[name], after[name]]]));
    }
  }
  return report;
});

async function heights(browser, width, address, alive) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  if (!alive) await page.route(/\/live\.js/, (route) => route.abort());
  await page.goto(new URL(address, site).href, { waitUntil: "networkidle" });
  const found = await page.evaluate(() => {
    const names = (element, at) => element.id || `${element.localName} ${at}`;
    const parts = [...document.querySelectorAll("quiz-item, module-map")];
    return Object.fromEntries(parts.map((element, at) => [names(element, at), element.getBoundingClientRect().height]));
  });
  found.wide = await page.evaluate(() => [...document.querySelectorAll(".qi-lines")].filter((box) => box.scrollWidth > box.clientWidth).length);
  await context.close();
  return found;
}
