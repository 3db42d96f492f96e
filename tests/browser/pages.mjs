// Visits pages in both themes, wide and narrow, and reports what is wrong with each.
import fs from "node:fs";
import { open, require, rest, withBrowser } from "./driver.mjs";

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

await withBrowser(async (browser) => {
  const report = {};
  for (const address of rest) {
    const row = (report[address] = { foreign: [], failed: [], errors: [], violations: [], overflow: {}, bytes: 0 });
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
      const { page, noted } = await open(context, address);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
      for (const { id, nodes } of violations) row.violations.push(`${colorScheme}: ${id}: ${nodes.map((node) => node.target).slice(0, 5).join(" ")}`);
      for (const width of [360, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(100);
        row.overflow[width] = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      }
      row.foreign.push(...noted.foreign);
      row.failed.push(...noted.failed);
      row.errors.push(...noted.errors);
      row.bytes = Math.max(row.bytes, noted.bytes);
      await context.close();
    }
  }
  return report;
});
