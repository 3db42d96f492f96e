// Visits pages in both themes, wide and narrow, two at a time, and reports what is wrong with each.
import fs from "node:fs";
import { listen, require, rest, site, withBrowser } from "./driver.mjs";

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] }; // all that a theme can change
const AT_ONCE = 2;

const sizes = new Map(); // by address: what the cache answers has no length of its own

// Texts outside of code that look as if a role, directive or link had not been understood.
function rawMarkup() {
  const signs = /\{[a-z][a-z-]*\}`|:::|```|\{\{|\}\}|\]\(\.|\*\*|(^|\s)`|\bundefined\b|\bNaN\b|\[object /;
  const texts = document.createTreeWalker(document.querySelector("article") ?? document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.parentElement.closest("pre, code, script, style, template, textarea") && signs.test(text.data)) found.push(text.data.trim().slice(0, 80));
  }
  return found;
}

// Words of a diagram that are wider than the box they stand in, or stand on other words.
function crampedWords() {
  const found = [];
  for (const svg of document.querySelectorAll(".diagram svg")) {
    const place = (shape) => shape.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("rect")].map(place).sort((one, other) => one.width * one.height - other.width * other.height);
    const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, place(text)]);
    texts.forEach(([words, own], at) => {
      const [x, y] = [(own.left + own.right) / 2, (own.top + own.bottom) / 2];
      const box = boxes.find(({ left, right, top, bottom }) => left < x && x < right && top < y && y < bottom) ?? place(svg);
      if (own.left < box.left || own.right > box.right) found.push(`${words}: wider than its box`);
      const over = ([, other]) => own.left + 1 < other.right && other.left + 1 < own.right && own.top + 4 < other.bottom && other.top + 4 < own.bottom;
      for (const [others] of texts.slice(at + 1).filter(over)) found.push(`${words}: on ${others}`);
    });
  }
  return found;
}

// Of code's tokens that are drawn alike (the same classes and styles up to the root), one a page keeps its element; the others are
// left as bare text of their line. Colours are the dearest thing axe looks at, and most of a page's elements are such tokens.
function keepOneTokenOfAKind() {
  const own = (element) => `${element.localName}#${element.id}.${element.className}{${element.getAttribute("style") ?? ""}}`;
  const line = (from, to) => (from === to ? "" : `${own(from)}<${line(from.parentElement, to)}`);
  const seen = new Set();
  for (const pre of document.querySelectorAll("pre")) {
    const place = line(pre, null);
    for (const token of pre.querySelectorAll("span:not([role], [title], [tabindex], :has(*))")) {
      const kind = line(token, pre) + place;
      if (seen.has(kind)) token.replaceWith(token.textContent);
      seen.add(kind);
    }
  }
}

// In a tab that goes from page to page, as a reader's does.
async function visit(page, address) {
  page.removeAllListeners();
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
  const row = { ...listen(page), violations: [], overflow: {}, bytes: 0 };
  const asked = new Set();
  page.on("response", (response) => {
    asked.add(response.url());
    const size = Number(response.headers()["content-length"] ?? 0);
    if (size || !sizes.has(response.url())) sizes.set(response.url(), size);
  });
  await page.goto(new URL(address, site).href, { waitUntil: "load" });
  await page.addStyleTag({ content: "*, ::before, ::after { transition: none !important }" }); // no colour half-way to another
  await page.evaluate(keepOneTokenOfAKind);
  await page.evaluate(axe);
  for (const [colorScheme, runOnly] of [["light", ALL], ["dark", COLOURS]]) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, colorScheme);
    const { violations } = await page.evaluate((rules) => axe.run(document, { runOnly: rules, resultTypes: ["violations"] }), runOnly);
    for (const { id, nodes } of violations) row.violations.push(`${colorScheme}: ${id}: ${nodes.map((node) => node.target).slice(0, 5).join(" ")}`);
  }
  for (const width of [360, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    row.overflow[width] = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }
  row.raw = await page.evaluate(rawMarkup);
  row.cramped = await page.evaluate(crampedWords);
  await page.waitForLoadState("networkidle");
  for (const url of asked) row.bytes += sizes.get(url) ?? 0;
  return row;
}

await withBrowser(async (browser) => {
  const context = await browser.newContext({ colorScheme: "light", viewport: { width: 1280, height: 900 } });
  const report = {};
  const waiting = [...rest];
  const work = async () => {
    const page = await context.newPage();
    for (let address = waiting.shift(); address; address = waiting.shift()) report[address] = await visit(page, address);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return report;
});
