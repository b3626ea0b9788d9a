/** The page of a difference in Chromium, opened from a file: that it can be read, on any screen and on paper, and that names do nothing. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diffModels, kinds } from "../../src/diff/index.ts";
import { renderDifferenceHtml, reviewOf } from "../../src/review/index.ts";
import { artefacts, chromiumPath, closePage, launch, openPage, withChromium } from "../page/browser.ts";
import { contrasts, outOfView } from "../page/measure.ts";
import { changeWith, hostileNames, reviewWith } from "./differences.ts";
import { historyOf, modelOf } from "./history.ts";

function fileOf(page: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "writ-difference-")), "difference.html");
  writeFileSync(path, page);
  return pathToFileURL(path).href;
}

/** The step of the history that changes most kinds of things. */
function realPage(): string {
  const step = historyOf().find(({ name }) => name === "10-tier-changed")!;
  const [before, after] = [modelOf(step.before), modelOf(step.after)];
  return renderDifferenceHtml(
    reviewOf({ name: "main", model: before }, { name: "the branch", model: after }, diffModels(before, after)),
  );
}

const everyKind = () => renderDifferenceHtml(reviewWith(kinds.map((kind) => changeWith({ kind }))));

function hostilePage(): string {
  const long = [...hostileNames, "w".repeat(500)];
  const changes = long.map((name) =>
    changeWith({ identities: [name, "b"], operations: [name], when: [[name], ["b"]], causes: [name] }),
  );
  return renderDifferenceHtml(reviewWith(changes, { before: { name: long[0]! }, after: { name: long[1]! } }));
}

describe.skipIf(chromiumPath === undefined)(withChromium("in a browser"), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => browser?.close());

  test("the request that shows a change unfolds by keyboard", async () => {
    const opened = await openPage(browser, fileOf(realPage()));
    const { page } = opened;
    const request = page.locator("details", { hasText: "a request that shows it" }).first();
    const shown = request.locator("pre");
    expect(await shown.isVisible()).toBe(false);
    await request.locator("summary").focus();
    await page.keyboard.press("Enter");
    expect(await shown.isVisible()).toBe(true);
    expect(JSON.parse(await shown.innerText()).request.host).toBe("orders.example.com");
    await page.screenshot({ path: join(artefacts(), "difference.png") });
    await closePage(opened);
  });

  test.each(["light", "dark"] as const)("every text has a contrast of 4.5 : 1 (%s)", async (colorScheme) => {
    for (const html of [realPage(), everyKind()]) {
      const opened = await openPage(browser, fileOf(html), { colorScheme });
      const found = await contrasts(opened.page);
      expect(found.texts).toBeGreaterThan(20);
      expect(found.weak).toEqual([]);
      await closePage(opened);
    }
  });

  test.each([320, 768, 1920])("nothing leaves the page at %i px, whatever things are called", async (width) => {
    for (const html of [realPage(), hostilePage()]) {
      const opened = await openPage(browser, fileOf(html), { viewport: { width, height: 900 } });
      await opened.page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
      expect(await outOfView(opened.page)).toEqual([]);
      await closePage(opened);
    }
  });

  test("a reader of the screen finds landmarks, and one heading for each change", async () => {
    const opened = await openPage(browser, fileOf(everyKind()));
    const { page } = opened;
    for (const role of ["main", "banner", "contentinfo"] as const)
      expect(await page.getByRole(role).count(), role).toBe(1);
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("main").getByRole("heading", { level: 2 }).count()).toBe(kinds.length);
    await closePage(opened);
  });

  test("printed, it says all that it says on a screen", async () => {
    const opened = await openPage(browser, fileOf(everyKind()));
    const { page } = opened;
    await page.emulateMedia({ media: "print" });
    for (const heading of await page.getByRole("heading").all()) expect(await heading.isVisible()).toBe(true);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await closePage(opened);
  });
});
