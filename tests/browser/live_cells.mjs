// Uses a page as a reader does: runs, edits, resets, leaves by keyboard, stops, comes back. Reports what was seen.
import { cell, run, state, text, type } from "./cells.mjs";
import { open, settled, withBrowser } from "./driver.mjs";

await withBrowser(async (browser) => {
  const seen = {};
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const { page, noted } = await open(context, "index.html");
  const main = (await page.locator("live-cell").count()) - 1;

  seen.built_output = await text(page, main);
  seen.editor_before_touch = await page.locator(".cm-editor").count();
  seen.cold_ms = await run(page, main);
  seen.first_state = await state(page, main);
  seen.first_output = await text(page, main);
  seen.setup_ran_first = await state(page, 0);
  seen.warm_ms = Math.min(await run(page, main), await run(page, main));
  seen.warm_output = await text(page, main);
  seen.log_role = await cell(page, main).locator(".lc-output pre").getAttribute("role");
  seen.log_live = await cell(page, main).locator(".lc-output pre").getAttribute("aria-live");

  // Edit by keyboard alone: Enter on the button opens, Mod-Enter runs, Escape leaves for the Run button.
  await cell(page, main).locator(".lc-edit").focus();
  await page.keyboard.press("Enter");
  await cell(page, main).locator(".cm-content").waitFor();
  seen.tab_passes = await (async () => {
    await cell(page, main).locator(".lc-run").focus();
    const steps = [];
    for (let count = 0; count < 8; count += 1) {
      await page.keyboard.press("Shift+Tab");
      steps.push(await page.evaluate(() => Boolean(document.activeElement?.closest(".cm-editor"))));
    }
    return steps.includes(true) && steps.at(-1) === false;
  })();
  await type(page, main, "print(6 * 7)\n'last value'");
  await page.evaluate((at) => delete document.querySelectorAll("live-cell")[at].dataset.state, main);
  await page.keyboard.press("ControlOrMeta+Enter");
  await settled(page, main);
  seen.edited_output = await text(page, main);
  await cell(page, main).locator(".cm-content").click();
  await page.keyboard.press("Escape");
  seen.escape_leaves = await page.evaluate(() => document.activeElement.classList.contains("lc-run"));

  await type(page, main, "def f():\n    return missing_thing\n\nf()");
  await run(page, main);
  seen.error_state = await state(page, main);
  seen.error_output = await text(page, main);

  await type(page, main, "while True:\n    pass");
  await cell(page, main).locator(".lc-run").click();
  await page.waitForTimeout(1200);
  await cell(page, main).locator(".lc-stop").click();
  await settled(page, main);
  seen.stop_state = await state(page, main);

  await cell(page, main).locator(".lc-reset").click();
  seen.reset_output = await text(page, main);
  await run(page, main);
  seen.after_stop = await text(page, main);

  const account = (name) => page.locator(`page-account button:has-text("${name}")`);
  await account("Show what happened").click();
  await page.locator("page-account img").waitFor({ timeout: 20_000 });
  seen.timeline_alt = await page.locator("page-account img").getAttribute("alt");
  await account("Show logs").click();
  await page.locator("page-account .pa-table").first().waitFor({ timeout: 20_000 });
  seen.resources = await page.locator("page-account .pa-seen").innerText();
  const clock = () => page.locator("page-account .pa-clock").textContent();
  seen.clock_before = await clock();
  await account("+1 hour").click();
  await page.waitForFunction((before) => document.querySelector(".pa-clock").textContent !== before, seen.clock_before);
  seen.clock_after = await clock();
  seen.account_status = await page.locator("page-account [role=status]").textContent();

  await page.locator("read-mark button").click();
  await page.reload({ waitUntil: "networkidle" });
  seen.read_after_reload = await page.locator("read-mark button").getAttribute("aria-pressed");
  seen.noted = noted;
  await context.close();
  return seen;
});
