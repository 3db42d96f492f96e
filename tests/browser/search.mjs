// Looks for a word on the search page and reports where the results lead, and by how much they are too wide for a telephone.
import { open, rest, withBrowser } from "./driver.mjs";

await withBrowser(async (browser) => {
  const { page, noted } = await open(await browser.newContext(), `search.html?q=${encodeURIComponent(rest[0])}`);
  await page.locator("#search-results li a").first().waitFor({ timeout: 20_000 });
  const links = await page.locator("#search-results li a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  await page.setViewportSize({ width: 360, height: 800 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return { links, overflow, errors: noted.errors };
});
