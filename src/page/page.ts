/** The whole page: an operator sees at a glance what is in force, whether a revocation is everywhere, and who needs a look. */

import { count, type Html, html, nothing } from "../html/index.ts";
import type { View } from "../publish/index.ts";
import { audit } from "./audit.ts";
import { candidates } from "./candidates.ts";
import { changes, headWords, latestWords } from "./changes.ts";
import { gateways } from "./gateways.ts";
import { alarms, inForce, releases } from "./in-force.ts";
import { mark } from "./picture.ts";
import { pointsOf, type Tone } from "./state.ts";
import { moment } from "./units.ts";

export interface PageOptions {
  /** Lines of the audit log as `auditWindow` asked for them. */
  readonly audit: { readonly since: number; readonly lines: readonly Uint8Array[] };
  /** Seconds after which a browser without scripts loads it again; default 10. */
  readonly refresh?: number;
}

const SECTIONS: readonly (readonly [string, string])[] = [
  ["in-force", "Rings"],
  ["releases", "Releases"],
  ["alarms", "Alarms"],
  ["changes", "Latest changes"],
  ["gateways", "Gateways"],
  ["candidates", "Waiting"],
  ["audit", "Audit log"],
];

/**
 * The page as HTML: equal views, equal text.
 *
 * @example
 * const { since, limit } = auditWindow(view, asked);
 * renderPage(view, { audit: { since, lines: await publisher.auditLines(since, limit) } });
 */
export function renderPage(view: View, options: PageOptions): string {
  const refresh = options.refresh ?? 10;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title(view)}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script src="/page.js" defer></script>
<noscript><meta http-equiv="refresh" content="${refresh}"></noscript>
</head>
<body>
<a class="skip" href="#estate">Skip to what is in force</a>
<header>
<p class="brand"><img src="/icon.svg" alt="" width="24" height="24"> Writ</p>
<h1>What is in force</h1>
${summary(view)}
<p id="latest" aria-live="polite" aria-atomic="true">${latestWords(view)}</p>
<nav aria-label="Sections"><ul>${SECTIONS.map(([id, words]) => html`<li><a href="#${id}">${words}</a></li>`)}</ul></nav>
</header>
<main id="estate" tabindex="-1">
${inForce(view)}
<div id="state" class="pair">${releases(view)}${alarms(view)}</div>
${changes(view)}
${gateways(view)}
${candidates(view)}
${audit(view, options.audit.since, options.audit.lines)}
</main>
<footer>
<p id="head">As of ${moment(view.now)}. ${headWords(view)}</p>
<p id="connection" role="status"></p>
<noscript><p>This page loads itself again every ${count(refresh, "second")}.</p></noscript>
</footer>
</body>
</html>
`.text;
}

/** Marks that stand for tones; the words say it again. */
const MARKS = { good: "current", warn: "behind", bad: "trouble" } as const satisfies Record<Tone, string>;

function summary(view: View): Html {
  const items = pointsOf(view).map(
    ({ tone, words, place }) => html`<li class="${tone}">${mark(MARKS[tone])} <a href="#${place}">${words}</a></li>`,
  );
  return html`<ul id="summary" class="summary">${items}</ul>`;
}

/** What is wrong shows in the tab too. */
function title(view: View): Html {
  const wrong = pointsOf(view).filter(({ tone }) => tone === "bad");
  return html`${wrong.length > 0 ? html`(${wrong.length}) ` : nothing}Writ: what is in force`;
}
