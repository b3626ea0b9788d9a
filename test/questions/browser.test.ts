/** The page of a matrix in Chromium, opened from a file: that it works by pointer and by keyboard, can be read, and lets nothing hostile through. */
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artefacts, chromiumPath, closePage, launch, type Opened, openPage, withChromium } from "../page/browser.ts";
import { contrasts, outOfView } from "../page/measure.ts";
import { fileOf, pageOf } from "./pages.ts";

const pages = { small: "", changes: "", hostile: "" };
let browser: Browser;

async function open(page: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await openPage(browser, fileOf(page), options);
  await opened.page.locator("html[data-ready]").waitFor({ state: "attached" });
  return opened;
}

const detail = (page: Page): Promise<string> => page.innerText("#detail");
const spoken = async (page: Page): Promise<string> => (await page.textContent("#spoken")) ?? "";

/** Goes to a row and a column by their names, as far as they are unfolded. */
async function pick(page: Page, row: string, column: string): Promise<void> {
  await page.evaluate(
    `cursor.row = shown.rows.findIndex((each) => each.label === ${JSON.stringify(row)}); cursor.column = shown.columns.findIndex((each) => each.label === ${JSON.stringify(column)}); look()`,
  );
}

describe.skipIf(chromiumPath === undefined)(withChromium("in a browser"), () => {
  beforeAll(async () => {
    for (const name of ["small", "changes", "hostile"] as const) pages[name] = pageOf(name);
    browser = await launch();
  });
  afterAll(async () => browser?.close());

  test("a pair is said in words, with the request that shows it", async () => {
    const opened = await open(pages.small);
    await pick(opened.page, "checkout", "POST /v1/orders/{id}/refund");
    const words = await detail(opened.page);
    for (const part of [
      "checkout → orders.example.com POST /v1/orders/{id}/refund",
      "May, on conditions.",
      'claims.region is "eu"',
      "and header x-guest is absent",
      "2027-05-31",
      "refunds, shopOrders",
      "workload, trust 40",
    ])
      expect(words).toContain(part);
    await opened.page.getByText("A request that is allowed").click();
    expect(await opened.page.innerText("#detail pre")).toContain('"region": "eu"');
    await pick(opened.page, "packer", "POST /v1/orders/{id}/refund");
    expect(await detail(opened.page)).toContain("Never.");
    await closePage(opened);
  });

  test("everything can be reached by keyboard: it unfolds, moves, zooms, filters, and says where it is", async () => {
    const opened = await open(pages.small);
    const { page } = opened;
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("picture");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Home");
    expect(await spoken(page)).toMatch(
      /^legacy \(1 identity\) → 4 operations: 2 of 4 pairs may \(50 %\): 1 within a time, 1 public\. Unfolded\.$/,
    );
    const rows = await page.evaluate("shown.rows.length");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("shown.rows.length")).toBe(Number(rows) - 1);
    expect(await spoken(page)).toContain("Folded.");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await spoken(page)).toContain("printer → ordersApi (4 operations)");
    const size = await page.evaluate("size");
    await page.keyboard.press("+");
    expect(await page.evaluate("size")).toBeGreaterThan(Number(size));
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.id")).toBe("filter-rows");
    await page.keyboard.type("checkout");
    await expect.poll(() => page.evaluate("roots.rows.leaves.length")).toBe(1);
    await page.fill("#filter-rows", "nobody at all");
    await page.locator("#none").waitFor();
    await closePage(opened);
  });

  test("a click unfolds, picks and unpicks; what is hidden in the legend is gone from the picture", async () => {
    const opened = await open(pages.small);
    const { page } = opened;
    await page.click("#fold");
    expect(await page.evaluate("[shown.rows.length, shown.columns.length]")).toEqual([2, 1]);
    const box = (await page.locator("#picture").boundingBox())!;
    const [head, side, size] = (await page.evaluate("[head, side, size]")) as [number, number, number];
    await page.mouse.click(box.x + 40, box.y + head + size / 2);
    expect(await page.evaluate("shown.rows.length")).toBe(3);
    await page.mouse.click(box.x + side + size / 2, box.y + head + size / 2);
    expect(await detail(page)).toContain("legacy (1 identity)");
    const drawn = () => page.evaluate("rowCounts(shown.rows[0]).reduce((sum, each) => sum + each, 0)");
    expect(await drawn()).toBe(2);
    await page.getByRole("button", { name: "Public 4" }).click();
    expect(await drawn()).toBe(1);
    await closePage(opened);
  });

  test("two versions: gains and losses have a sign of their own, and what stays is left out", async () => {
    const opened = await open(pages.changes);
    const { page } = opened;
    expect(await page.evaluate("shown.columns.map((each) => each.label)")).not.toContain("GET /healthz");
    await pick(page, "reports", "POST /v1/orders");
    expect(await detail(page)).toMatch(/Changed/);
    await pick(page, "printer", "GET /v1/orders/{id}");
    expect(await detail(page)).toMatch(/Lost[\s\S]*Before[\s\S]*printing/);
    await pick(page, "checkout", "POST /v1/orders/{id}/refund");
    expect(await detail(page)).toMatch(
      /Changed[\s\S]*Before[\s\S]*claims\.region is "eu"[\s\S]*Now[\s\S]*header x-guest is absent/,
    );
    await closePage(opened);
  });

  test("hostile names do nothing but look odd", async () => {
    const opened = await open(pages.hostile, { viewport: { width: 320, height: 640 } });
    const { page } = opened;
    for (let row = 0; row < Number(await page.evaluate("shown.rows.length")); row++)
      await page.evaluate(`cursor.row = ${row}; cursor.column = ${row} % shown.columns.length; look()`);
    expect(await page.evaluate('document.querySelectorAll("script, img").length')).toBe(2);
    // The picture and the table scroll in boxes of their own.
    expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    await closePage(opened);
  });

  test.each(["light", "dark"] as const)(
    "every text has a contrast of 4.5 : 1, and what is drawn has 3 : 1 or 4.5 : 1 (%s)",
    async (colorScheme) => {
      for (const name of ["small", "changes"] as const) {
        const opened = await open(pages[name], { colorScheme });
        await pick(opened.page, "checkout", "POST /v1/orders/{id}/refund");
        const found = await contrasts(opened.page);
        expect(found.texts).toBeGreaterThan(30);
        expect(found.weak).toEqual([]);
        expect(await opened.page.evaluate(DRAWN)).toEqual([]);
        await closePage(opened);
      }
    },
  );

  test.each([320, 390, 768, 1280, 1920])("nothing leaves the page at %i px", async (width) => {
    const opened = await open(pages.small, { viewport: { width, height: 900 } });
    await pick(opened.page, "checkout", "POST /v1/orders/{id}/refund");
    expect(await outOfView(opened.page)).toEqual([]);
    await closePage(opened);
  });

  test("a screen reader finds landmarks, headings in order and a table of it all", async () => {
    const opened = await open(pages.small);
    const { page } = opened;
    for (const role of ["main", "banner", "complementary", "application", "table"] as const)
      expect(await page.getByRole(role).count(), role).toBe(1);
    const levels = (await page.evaluate(
      '[...document.querySelectorAll("h1, h2, h3")].map((each) => Number(each.tagName[1]))',
    )) as number[];
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(
      await page.evaluate(
        '[...document.querySelectorAll("input, select, button")].every((each) => each.labels?.length || each.textContent.trim() || each.ariaLabel)',
      ),
    ).toBe(true);
    await closePage(opened);
  });

  test("a thousand identities are drawn as a few cells, and soon", async () => {
    const opened = await open(pageOf("big"));
    const { page } = opened;
    expect(Number(await page.evaluate("document.documentElement.dataset.ready"))).toBeLessThan(5_000);
    expect(await page.evaluate("document.querySelectorAll('*').length")).toBeLessThan(400);
    await page.evaluate(
      "for (const node of roots.rows.children) opened.rows.add(node.id); flatten('rows'); settle(); drawNow()",
    );
    expect(await page.evaluate("(inView().bottom - inView().top) * (inView().right - inView().left)")).toBeLessThan(
      6_000,
    );
    await closePage(opened);
  });

  test("pictures for people to look at", async () => {
    const folder = artefacts();
    for (const [name, colorScheme, width] of [
      ["small", "light", 1280],
      ["small", "dark", 1280],
      ["changes", "light", 1280],
      ["changes", "dark", 1280],
      ["small", "light", 390],
    ] as const) {
      const opened = await open(pages[name], { colorScheme, viewport: { width, height: 900 } });
      await pick(opened.page, "checkout", "POST /v1/orders/{id}/refund");
      await opened.page.waitForTimeout(100);
      const bytes = await opened.page.screenshot({ path: join(folder, `matrix-${name}-${colorScheme}-${width}.png`) });
      expect(bytes.length).toBeGreaterThan(20_000);
      await closePage(opened);
    }
  });
});

/** Colours of the picture against what they are drawn on: names 4.5 : 1, squares 3 : 1. */
const DRAWN = `(() => {
  const luminance = (hex) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const weak = [];
  for (const behind of ["card", "faint", "here"]) {
    for (const name of ["ink", "quiet"]) if (ratio(colours[name], colours[behind]) < 4.5) weak.push(name + " on " + behind);
    for (const name of KINDS) if (ratio(colours[name], colours[behind]) < 3) weak.push(name + " on " + behind);
  }
  return weak;
})()`;
