/** The page in a browser: without scripts, live, by keyboard, in light and dark, on a phone; and pictures of it for people to look at. */
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { View } from "../../src/publish/index.ts";
import {
  artefacts,
  chromiumPath,
  closePage,
  launch,
  live,
  type Opened,
  openPage,
  type Served,
  serve,
  withChromium,
} from "./browser.ts";
import { contrasts, outOfView } from "./measure.ts";
import { change, emptyView, foldedView, gateway, largeView, smallView, troubledView } from "./views.ts";

const views: Readonly<Record<string, View>> = {
  empty: emptyView,
  small: smallView,
  troubled: troubledView,
  folded: foldedView,
  large: largeView,
};

describe.skipIf(chromiumPath === undefined)(withChromium("the page in a browser"), () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    browser = await launch();
    served = await serve(smallView);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  function open(view: View, options?: BrowserContextOptions): Promise<Opened> {
    served.show(view);
    return openPage(browser, served.url, options);
  }

  test("shows all without scripts, and says that it loads itself again", async () => {
    const opened = await open(troubledView, { javaScriptEnabled: false });
    const text = await opened.page.innerText("body");
    for (const words of [
      "Halted by bob",
      "WRIT9106",
      "Missing: mail, payments-eu",
      "payments-us",
      "writ approve",
      "Older lines",
    ])
      expect(text).toContain(words);
    expect(text).toContain("loads itself again every 10 seconds");
    expect(await opened.page.locator('meta[http-equiv="refresh"]').getAttribute("content")).toBe("10");
    await closePage(opened);
  });

  test("a change appears by itself; focus, scroll and what was unfolded stay", async () => {
    const opened = await open(smallView);
    const { page } = opened;
    await live(page);
    await page.evaluate("window.notReloaded = true");
    await page.locator("#changes details summary").click();
    await page.getByRole("link", { name: "Older lines" }).focus();
    const before = await page.evaluate("scrollY");
    expect(before).toBeGreaterThan(500);
    await page.evaluate("window.row = document.querySelector('tr[data-key=search]')");
    const next = change({ sequence: 60, words: "owner team-mail", reach: { live: 8, enforced: 3 } });
    served.show({
      ...smallView,
      now: smallView.now + 5,
      changes: [next, ...smallView.changes.slice(0, -1)],
      gateways: [gateway("aaa"), ...smallView.gateways.slice(1)],
    });
    await page.locator('#changes li[data-key="60"]').waitFor({ state: "attached" });
    expect(await page.locator("#latest").innerText()).toContain("(owner team-mail) is on its way to 8 gateways.");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Older lines");
    expect(await page.evaluate("window.notReloaded")).toBe(true);
    expect(await page.locator("#changes details").getAttribute("open")).toBe("");
    expect(await page.locator('tr[data-key="edge-1"]').count()).toBe(0);
    expect(await page.locator('tr[data-key="aaa"]').count()).toBe(1);
    // The row of a gateway is the same element as before: nothing was thrown away and built again.
    expect(await page.evaluate("window.row === document.querySelector('tr[data-key=search]')")).toBe(true);
    const link = await page.getByRole("link", { name: "Older lines" }).boundingBox();
    expect(link!.y).toBeGreaterThan(0);
    expect(link!.y).toBeLessThan(720);
    await closePage(opened);
  });

  test("after any change it is what the server would send anew", async () => {
    const opened = await open(emptyView);
    const { page } = opened;
    await live(page);
    const order = ["small", "troubled", "large", "empty", "troubled", "small", "large", "small", "empty"];
    for (const name of order) {
      served.show(views[name]!);
      await page.waitForFunction(
        `fetch("/").then((answer) => answer.text()).then((text) => {
          const next = new DOMParser().parseFromString(text, "text/html");
          const bare = (root) => root.getElementById("estate").outerHTML + root.getElementById("summary").outerHTML + root.title;
          return bare(next) === bare(document);
        })`,
        undefined,
        { polling: 100, timeout: 10_000 },
      );
    }
    await closePage(opened);
  });

  test("a publisher that is gone is said to be gone, and found again", async () => {
    const opened = await open(smallView);
    const { page } = opened;
    await live(page);
    served.cut();
    await page.getByText("The publisher does not answer").waitFor();
    await live(page);
    await page.context().close();
    // The cut itself is what the browser may complain about, and nothing else.
    expect(
      opened.complaints.filter((words) => !/ERR_(?:INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/.test(words)),
    ).toEqual([]);
  });

  test("every control is reached by Tab, in the order of the page, with a focus that is seen", async () => {
    const opened = await open(troubledView);
    const { page } = opened;
    await live(page);
    const controls = await page.locator("a[href], summary, button, input, select, [tabindex='0']").count();
    expect(controls).toBeGreaterThan(15);
    for (let index = 0; index < controls; index++) {
      await page.keyboard.press("Tab");
      const focused = (await page.evaluate(`(() => {
        const style = getComputedStyle(document.activeElement);
        const box = document.activeElement.getBoundingClientRect();
        const all = [...document.querySelectorAll("a[href], summary, button, input, select, [tabindex='0']")];
        return { index: all.indexOf(document.activeElement), width: parseFloat(style.outlineWidth), line: style.outlineStyle,
          top: box.top, bottom: box.bottom, height: innerHeight };
      })()`)) as Record<"index" | "width" | "top" | "bottom" | "height", number> & { readonly line: string };
      expect(focused.index).toBe(index);
      expect(focused.line).toBe("solid");
      expect(focused.width).toBeGreaterThanOrEqual(2);
      expect(focused.bottom).toBeGreaterThan(0);
      expect(focused.top).toBeLessThan(focused.height);
    }
    await closePage(opened);
  });

  test("the skip link is seen when it has the focus, and leads past the top", async () => {
    const opened = await open(smallView);
    const { page } = opened;
    const skip = page.getByRole("link", { name: "Skip to what is in force" });
    expect((await skip.boundingBox())!.y).toBeLessThan(0);
    await page.keyboard.press("Tab");
    expect((await skip.boundingBox())!.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("estate");
    await page.keyboard.press("Tab");
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    await closePage(opened);
  });

  test("a screen reader finds landmarks, headings in order, named tables with named columns", async () => {
    const opened = await open(troubledView);
    const { page } = opened;
    for (const role of ["banner", "main", "contentinfo"] as const) expect(await page.getByRole(role).count()).toBe(1);
    expect(await page.getByRole("navigation", { name: "Sections" }).count()).toBe(1);
    const levels = (await page.evaluate(
      '[...document.querySelectorAll("h1, h2, h3, h4")].map((each) => Number(each.tagName[1]))',
    )) as number[];
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    expect(
      await page.evaluate('[...document.querySelectorAll("table")].every((each) => each.caption?.textContent)'),
    ).toBe(true);
    expect(await page.evaluate('[...document.querySelectorAll("th")].every((each) => each.scope !== "")')).toBe(true);
    expect(
      await page.evaluate(
        '[...document.querySelectorAll("[id]")].length === new Set([...document.querySelectorAll("[id]")].map((each) => each.id)).size',
      ),
    ).toBe(true);
    for (const { id } of (await page.evaluate(
      '[...document.querySelectorAll("[aria-labelledby]")].map((each) => ({ id: each.getAttribute("aria-labelledby") }))',
    )) as { id: string }[])
      expect(await page.locator(`[id="${id}"]`).count()).toBe(1);
    expect(await page.getByRole("img", { name: "5 of 7 live gateways enforced it" }).count()).toBe(1);
    await closePage(opened);
  });

  test.each([
    ["light", "troubled"],
    ["dark", "troubled"],
    ["light", "folded"],
    ["dark", "folded"],
    ["light", "empty"],
    ["dark", "empty"],
  ] as const)("every text has a contrast of 4.5 : 1, every mark of 3 : 1 (%s, %s)", async (colorScheme, name) => {
    const opened = await open(views[name]!, { colorScheme });
    await live(opened.page);
    await opened.page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    const found = await contrasts(opened.page);
    expect(found.texts).toBeGreaterThan(40);
    expect(found.weak).toEqual([]);
    await closePage(opened);
  });

  test.each(Object.keys(views).filter((name) => name !== "large"))(
    "nothing leaves the page at 320 px, nor at any other width (%s)",
    async (name) => {
      const opened = await open(views[name]!, { viewport: { width: 320, height: 640 } });
      const { page } = opened;
      for (const width of [320, 375, 600, 768, 959, 960, 1024, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await outOfView(page), `${width} px`).toEqual([]);
      }
      await closePage(opened);
    },
  );

  test("names that are hostile in every way do nothing but look odd", async () => {
    const odd = [
      '<script>alert("1")</script>',
      '"><img src=x onerror=alert(2)>',
      "\u202Egnp.exe",
      "ا".repeat(40),
      "a\u0301\u0302\u0303".repeat(40),
      "w".repeat(300),
    ];
    const opened = await open(
      { ...smallView, gateways: odd.map((name) => gateway(name, { problems: [{ code: "WRIT9105", message: name }] })) },
      { viewport: { width: 320, height: 640 } },
    );
    await live(opened.page);
    expect(await opened.page.evaluate('document.querySelectorAll("script, img").length')).toBe(2);
    expect(await outOfView(opened.page)).toEqual([]);
    expect(await opened.page.innerText("#gateways")).toContain("\\u{202e}gnp.exe");
    await closePage(opened);
  });

  test("whoever wants no motion gets none", async () => {
    const moves = async (reducedMotion: "reduce" | "no-preference") => {
      const opened = await open(foldedView, { reducedMotion });
      const durations = await opened.page.evaluate(
        'getComputedStyle(document.querySelector(".shares rect")).transitionDuration',
      );
      await closePage(opened);
      return durations;
    };
    expect(await moves("reduce")).toBe("0s");
    expect(await moves("no-preference")).toBe("0.3s, 0.3s");
  });

  test("pictures for people to look at", async () => {
    const folder = artefacts();
    const shots = [
      ["page-light", "small", "light", 1280],
      ["page-dark", "small", "dark", 1280],
      ["page-phone", "small", "light", 390],
      ["page-thousand", "large", "light", 1280],
      ["page-trouble", "troubled", "light", 1280],
      ["page-trouble-dark", "troubled", "dark", 1280],
      ["page-empty", "empty", "light", 1280],
    ] as const;
    for (const [file, name, colorScheme, width] of shots) {
      const opened = await open(views[name]!, {
        colorScheme,
        viewport: { width, height: 900 },
        reducedMotion: "reduce",
      });
      await live(opened.page);
      const bytes = await opened.page.screenshot({ path: join(folder, `${file}.png`), fullPage: true });
      expect(bytes.length).toBeGreaterThan(20_000);
      await closePage(opened);
    }
  });
});
