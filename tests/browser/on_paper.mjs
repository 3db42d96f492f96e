// Prints pages as a reader with a dark screen does, and reports what is on the paper.
import { open, rest, withBrowser } from "./driver.mjs";

const A4_WIDTH_PX = 794;

await withBrowser(async (browser) => {
  const context = await browser.newContext({ colorScheme: "dark" });
  await context.addInitScript(() => window.addEventListener("afterprint", () => (window.themeOnPaper = document.documentElement.dataset.theme)));
  const report = {};
  for (const address of rest) {
    const { page } = await open(context, address);
    const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    const themes = await page.evaluate(() => ({ on_paper: window.themeOnPaper, after: document.documentElement.dataset.theme }));
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: A4_WIDTH_PX, height: 1000 });
    report[address] = { sheets, ...themes, ...(await page.evaluate(paper)) };
    await page.close();
  }
  return report;
});

// Runs in the page.
function paper() {
  const named = (element) => `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 30)}`;
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
  const pressed = "button, input[type=range], nav.bd-links, .bd-sidebar-secondary, .prev-next-area, .headerlink, .lab-step, .fact-note, .qi-why";
  const cut = seen("article :is(pre, div, table)").filter((box) => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 1);
  const words = seen("article")[0].innerText.split(/\s+/).length;
  return { unwanted: seen(pressed).map(named), cut: cut.map(named), words };
}
