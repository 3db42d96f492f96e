// What a reader does with one live cell of a page.
import { settled } from "./driver.mjs";

export const cell = (page, index) => page.locator("live-cell").nth(index);
export const text = (page, index) => cell(page, index).locator(".lc-output pre").textContent();
export const state = (page, index) => cell(page, index).getAttribute("data-state");

export async function run(page, index) {
  const began = Date.now();
  await page.evaluate((at) => delete document.querySelectorAll("live-cell")[at].dataset.state, index);
  await cell(page, index).locator(".lc-run").click();
  await settled(page, index);
  return Date.now() - began;
}

export async function type(page, index, code) {
  const edit = cell(page, index).locator(".lc-edit");
  if (await edit.isVisible()) await edit.click();
  const content = cell(page, index).locator(".cm-content");
  await content.waitFor();
  await content.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(code);
}
