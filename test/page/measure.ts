/** What is measured of a page as a browser drew it: contrast of all that is seen, and what does not fit. */
import type { Page } from "playwright-core";

export interface Contrasts {
  readonly texts: number;
  /** Texts below 4.5 : 1 and marks below 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11). */
  readonly weak: readonly string[];
}

/** Runs in the page; backgrounds are all opaque or fully transparent, which it holds them to. */
const MEASURE = `(() => {
  const colour = (text) => {
    const parts = text.match(/[0-9.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const { rgb, alpha } = colour(getComputedStyle(each).backgroundColor);
      if (alpha === 1) return rgb;
      if (alpha !== 0) throw new Error("half-transparent: " + each.outerHTML.slice(0, 80));
    }
    throw new Error("no background");
  };
  const weak = new Set();
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || element.closest("script, noscript") || element.getClientRects().length === 0) continue;
    texts++;
    const found = ratio(colour(getComputedStyle(element).color).rgb, behind(element));
    if (found < 4.5) weak.add(found.toFixed(2) + " text " + node.data.trim().slice(0, 60));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    const style = getComputedStyle(element, "::before");
    if (style.content !== "none" && ratio(colour(style.color).rgb, behind(element)) < 4.5) weak.add("label " + element.dataset.label);
  }
  for (const shape of document.querySelectorAll("main svg path, main svg rect, .summary svg path")) {
    const style = getComputedStyle(shape);
    const drawn = style.stroke === "none" ? style.fill : style.stroke;
    const found = ratio(colour(drawn).rgb, behind(shape.closest("svg").parentElement));
    if (found < 3) weak.add(found.toFixed(2) + " mark " + shape.getAttribute("class"));
  }
  return { texts, weak: [...weak] };
})()`;

export async function contrasts(page: Page): Promise<Contrasts> {
  return (await page.evaluate(MEASURE)) as Contrasts;
}

/** Elements that stick out to a side, and texts that stick out of their cell; empty when there is nothing to scroll to. */
export async function outOfView(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(`(() => {
    const wide = document.documentElement.clientWidth;
    const found = document.documentElement.scrollWidth > wide ? ["the page scrolls: " + document.documentElement.scrollWidth] : [];
    for (const element of document.querySelectorAll("body *:not(.skip)")) {
      const box = element.getBoundingClientRect();
      if (box.width > 1 && (box.right > wide + 1 || box.left < -1)) found.push(element.outerHTML.slice(0, 100));
    }
    for (const cell of document.querySelectorAll("td, tbody th, dd, .card, .notice, .summary li"))
      if (cell.scrollWidth > cell.clientWidth + 1) found.push("too narrow: " + cell.outerHTML.slice(0, 160));
    return found.slice(0, 5);
  })()`)) as readonly string[];
}
