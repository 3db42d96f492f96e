// What every script here begins with: a Chromium, and an ear for what a page must not do.
import { createRequire } from "node:module";
import path from "node:path";

export const [web, executablePath, site, ...rest] = process.argv.slice(2);
export const require = createRequire(path.join(web, "package.json"));
const { chromium } = require("playwright-core");

export const launch = () =>
  chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });

export async function withBrowser(act) {
  const browser = await launch();
  try {
    console.log(JSON.stringify(await act(browser)));
  } finally {
    await browser.close();
  }
}

// Notes a page's foreign requests, failed requests, console errors and uncaught exceptions.
export function listen(page) {
  const noted = { foreign: [], failed: [], errors: [] };
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(site) && !/^(data|blob):/.test(url)) noted.foreign.push(url);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) noted.failed.push(`${response.status()} ${response.url()}`);
  });
  page.on("console", (message) => message.type() === "error" && noted.errors.push(message.text().slice(0, 300)));
  page.on("pageerror", (error) => noted.errors.push(String(error).slice(0, 300)));
  return noted;
}

export async function open(context, address) {
  const page = await context.newPage();
  const noted = { ...listen(page), bytes: 0 };
  page.on("response", (response) => {
    noted.bytes += Number(response.headers()["content-length"] ?? 0);
  });
  await page.goto(new URL(address, site).href, { waitUntil: "networkidle" });
  return { page, noted };
}

export const settled = (page, index, timeout = 90_000) =>
  page.waitForFunction(
    (at) => ["done", "failed", "stopped"].includes(document.querySelectorAll("live-cell")[at].dataset.state),
    index,
    { timeout },
  );
