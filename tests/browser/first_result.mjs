// From the press of a button to the first Lambda result, on a page and a cache that are new; then the same warm.
import { open, settled, withBrowser } from "./driver.mjs";

await withBrowser(async (browser) => {
  const { page, noted } = await open(await browser.newContext(), "index.html");
  const bytes = noted.bytes;
  const last = (await page.locator("live-cell").count()) - 1;
  const run = async () => {
    await page.evaluate((at) => delete document.querySelectorAll("live-cell")[at].dataset.state, last);
    const began = Date.now();
    await page.locator("live-cell").nth(last).locator(".lc-run").click();
    await settled(page, last);
    return Date.now() - began;
  };
  const cold_ms = await run();
  return { bytes, cold_ms, warm_ms: Math.min(await run(), await run(), await run()) };
});
