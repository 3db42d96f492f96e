// Types a word into the search page and reports where the results lead.
import { open, rest, withBrowser } from "./driver.mjs";

await withBrowser(async (browser) => {
  const { page, noted } = await open(await browser.newContext(), `search.html?q=${encodeURIComponent(rest[0])}`);
  await page.locator("#search-results li a").first().waitFor({ timeout: 20_000 });
  const links = await page.locator("#search-results li a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return { links, errors: noted.errors };
});
