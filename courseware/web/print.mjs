// Prints the built book into one PDF. usage: node print.mjs <html folder> <chromium> <target.pdf> <title> <page> <page> …
// The articles of all pages are put into one document, their ids and links made to fit, and no script runs: it is the book as it reads.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import fs from "node:fs";
import path from "node:path";

const [html, executablePath, target, title, ...pages] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)("playwright-core");
const ORIGIN = "http://book.invalid/"; // never asked: every request is answered from the folder
const sheet = fs.readFileSync(fileURLToPath(new URL("print.css", import.meta.url)), "utf8");
const sources = Object.fromEntries(pages.map((page) => [page, fs.readFileSync(path.join(html, `${page}.html`), "utf8")]));

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
try {
  const page = await (await browser.newContext({ colorScheme: "light" })).newPage();
  await page.route("**", (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const file = path.join(html, decodeURIComponent(pathname));
    if (pathname === "/print") return route.fulfill({ contentType: "text/html; charset=utf-8", body: "<!doctype html><html lang=en data-theme=light><title></title>" });
    return `${origin}/` === ORIGIN && fs.existsSync(file) ? route.fulfill({ path: file }) : route.abort();
  });
  await page.goto(`${ORIGIN}print`);
  await page.evaluate(assemble, { sources, title, sheet, origin: ORIGIN });
  await page.waitForLoadState("networkidle");
  await page.pdf({
    path: target,
    format: "A4",
    margin: { top: "18mm", bottom: "18mm", left: "18mm", right: "18mm" },
    printBackground: true,
    tagged: true,
    outline: true,
    displayHeaderFooter: true,
    headerTemplate: "<span></span>",
    footerTemplate: '<span style="width: 100%; text-align: center; font-size: 8px"><span class="pageNumber"></span></span>',
  });
} finally {
  await browser.close();
}

// Runs in the page.
function assemble({ sources, title, sheet, origin }) {
  const make = (tag, text, className) => Object.assign(document.createElement(tag), { textContent: text ?? "", className: className ?? "" });
  const anchor = (page, id) => `${page.replaceAll("/", "-")}--${id}`;
  const parsed = Object.entries(sources).map(([page, text]) => [page, new DOMParser().parseFromString(text, "text/html")]);
  document.title = title;
  for (const link of parsed[0][1].querySelectorAll('link[rel="stylesheet"]')) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(link.getAttribute("href"), `${origin}${parsed[0][0]}`).href }));
  }
  document.head.append(make("style", sheet));
  const front = make("section", "", "print-title");
  front.append(make("h1", title), make("p", "Text: CC BY 4.0. Code: Apache-2.0."));
  const contents = make("section", "", "print-page print-contents");
  const list = document.createElement("ul");
  contents.append(make("h1", "Contents"), list);
  document.body.append(front, contents);
  for (const [page, source] of parsed) {
    const section = make("section", "", "print-page bd-article");
    section.id = anchor(page, "");
    section.append(...document.importNode(source.querySelector("article.bd-article"), true).childNodes);
    const heading = section.querySelector("h1");
    const entry = Object.assign(make("a", heading?.firstChild?.textContent ?? page), { href: `#${section.id}` });
    list.append(make("li"));
    list.lastChild.append(entry);
    for (const element of section.querySelectorAll("[id]")) element.id = anchor(page, element.id);
    for (const details of section.querySelectorAll("details")) details.open = true;
    for (const link of section.querySelectorAll("a[href]")) {
      const url = new URL(link.getAttribute("href"), `${origin}${page}.html`);
      if (!url.href.startsWith(origin)) continue;
      const to = url.pathname.slice(1).replace(/\.html$/, "");
      if (to in sources) link.setAttribute("href", `#${anchor(to, url.hash.slice(1))}`);
      else link.removeAttribute("href");
    }
    for (const image of section.querySelectorAll("img[src]")) image.src = new URL(image.getAttribute("src"), `${origin}${page}.html`).href;
    document.body.append(section);
  }
}
