// An assessor in formgrader: from the list of assignments to a submission, points and a comment for a line of the rubric.
import { open, rest, site, withBrowser } from "../../browser/driver.mjs";

const [slug, token, submission] = rest;

await withBrowser(async (browser) => {
  const context = await browser.newContext();
  await context.route((url) => !url.href.startsWith(site), (route) => route.abort()); // nbgrader's page asks a CDN for MathJax
  const { page } = await open(context, `formgrader/?token=${token}`);
  const alerts = [];
  page.on("dialog", (dialog) => alerts.push(dialog.message()) && dialog.dismiss());
  await page.locator("td.name a", { hasText: slug }).waitFor();
  await page.goto(new URL(`submissions/${submission}/`, page.url()).href);
  const judged = page.locator("#criterion-function[placeholder]");
  await judged.waitFor();
  const seen = { given: await judged.getAttribute("placeholder"), page: await page.locator("body").innerText() };
  const write = async (box, text, kind) => {
    const saved = page.waitForResponse((answer) => answer.url().includes(`/api/${kind}/`) && answer.request().method() === "PUT");
    await box.fill(text);
    await box.press("Tab");
    await saved;
  };
  await write(page.locator("#rubric-design"), "3", "grade");
  await write(page.locator("#rubric-design-comment"), "Say why.", "comment");
  return { ...seen, alerts };
});
