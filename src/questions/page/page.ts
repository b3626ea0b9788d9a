/** The page of a matrix: one file with everything in it, which asks nobody for anything and runs nothing but its own script. */
import { hash } from "node:crypto";
import { visible } from "../../diagnostics/index.ts";
import { type PageContent, pageData, type Totals, tableOf, totalsOf } from "./data.ts";
import { scriptAct } from "./script-act.ts";
import { scriptData } from "./script-data.ts";
import { scriptDetail } from "./script-detail.ts";
import { scriptDraw } from "./script-draw.ts";
import { scriptPicture } from "./script-picture.ts";
import { style } from "./style.ts";

const script = `${scriptData}${scriptDraw}${scriptPicture}${scriptDetail}${scriptAct}`;

/**
 * Equal content, equal text.
 *
 * @example matrixPage({ title: "policies", matrix: matrixOf(model) })
 */
export function matrixPage(content: PageContent): string {
  const totals = totalsOf(content);
  const { title, matrix, before } = content;
  const heading = before === undefined ? "Who may call what" : "Who may call what: what changes";
  const data = JSON.stringify(pageData(content, totals));
  return `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${digest(script)}'; style-src '${digest(style)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(`${heading}: ${title}`)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#picture">Skip to the picture</a>
<header>
<div>
<p class="brand"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#1b4f9c"/><path d="M6 9l4.5 14L16 12l5.5 11L26 9" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/></svg> Writ</p>
<h1>${heading}</h1>
<p class="quiet">${before === undefined ? text(title) : `${text(before)} → ${text(title)}`}</p>${content.exact === false ? '<p class="quiet">Conditions stand as they were written: there are too many kinds of callers to work each of them out.</p>' : ""}
</div>
<dl class="facts">${facts(content, totals)}</dl>
<button type="button" id="theme" class="theme">Dark</button>
</header>
<main id="main" tabindex="-1">
<div class="card picture">
<div class="tools" role="group" aria-label="What is shown">
${field("filter-rows", "Who", '<input type="search" id="filter-rows" placeholder="name, owner, tier, group" autocomplete="off">')}
${field("filter-columns", "What", '<input type="search" id="filter-columns" placeholder="path, method, host, scope" autocomplete="off">')}
${field("by-rows", "Fold callers by", '<select id="by-rows"><option value="owner">tier, owner</option><option value="group">tier, group</option></select>')}
${field("by-columns", "Fold operations by", '<select id="by-columns"><option value="resource">API, resource</option><option value="scope">API, scope</option></select>')}
<label class="check" for="only-used"><input type="checkbox" id="only-used"> ${before === undefined ? "leave out what is empty" : "only what changes"}</label>
<div class="buttons" role="group" aria-label="Size"><button type="button" id="fold">Fold all</button><button type="button" id="out" aria-label="Smaller">−</button><button type="button" id="in" aria-label="Larger">+</button><button type="button" id="fit">Fit</button></div>
</div>
<div class="legend" id="legend" role="group" aria-label="Kinds of access, each of which can be hidden"><span class="size"><canvas aria-hidden="true"></canvas> 1, 10, 50, 100 %</span></div>
<div class="view" id="view"><div class="spacer" id="spacer"></div><canvas id="picture" tabindex="0" role="application" aria-roledescription="access matrix" aria-label="Who may call what: callers are rows, operations are columns. Arrow keys move, Enter unfolds." aria-describedby="spoken"></canvas><p class="none" id="none" hidden>Nothing fits the filter.</p></div>
<p class="status" id="status" aria-hidden="true"></p><p class="aloud" id="spoken" aria-live="polite"></p>
</div>
<aside class="card" id="detail" tabindex="-1" aria-label="In words"></aside>
</main>
<section class="card" id="table" aria-labelledby="table-heading">
<h2 id="table-heading">The same as a table</h2>
<div class="scroll">${table(content)}</div>
</section>
<noscript><p>The picture needs scripts; the table does not.</p></noscript>
<script type="application/json" id="data">${data.replaceAll("<", "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;

  function field(id: string, label: string, control: string): string {
    return `<label for="${id}">${label}${control}</label>`;
  }

  function facts(_: PageContent, all: Totals): string {
    const pairs = matrix.callers.length * matrix.operations.length;
    const may = (all.always ?? 0) + (all.until ?? 0) + (all.conditional ?? 0) + (all.public ?? 0);
    const shown: readonly (readonly [string, string])[] = [
      [grouped(matrix.callers.length), matrix.callers.length === 1 ? "identity" : "identities"],
      [grouped(matrix.operations.length), matrix.operations.length === 1 ? "operation" : "operations"],
      ...(before === undefined
        ? ([[pairs === 0 ? "none" : share(may, pairs), "of all pairs may"]] as const)
        : ([
            [grouped(all.gain ?? 0), "gained"],
            [grouped(all.loss ?? 0), "lost"],
            [grouped(all.changed ?? 0), "changed"],
          ] as const)),
    ];
    return shown.map(([amount, what]) => `<div><dt>${what}</dt><dd>${amount}</dd></div>`).join("");
  }
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  if (percent === 0 || percent === 100) return `${percent} %`;
  return percent < 0.1
    ? "&lt; 0.1 %"
    : percent > 99.9
      ? "&gt; 99.9 %"
      : `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

const words: Readonly<Record<string, string>> = {
  always: "always",
  until: "within a time",
  conditional: "on conditions",
  public: "public",
  gain: "gained",
  loss: "lost",
  changed: "changed",
};

function table(content: PageContent): string {
  const { matrix, before } = content;
  const cells = tableOf(content);
  const cell = (tier: string, api: string): string => {
    const totals = cells.get(JSON.stringify([tier, api])) ?? {};
    const parts = Object.keys(words).flatMap((kind) =>
      totals[kind] ? [`${grouped(totals[kind])} ${words[kind]}`] : [],
    );
    return parts.length > 0 ? parts.join(", ") : before === undefined ? "never" : "nothing changes";
  };
  const head = matrix.apis.map(({ name }) => `<th scope="col">${text(name)}</th>`).join("");
  const rows = matrix.tiers.map(
    ({ name }) =>
      `<tr><th scope="row">${text(name)}</th>${matrix.apis.map((api) => `<td>${cell(name, api.name)}</td>`).join("")}</tr>\n`,
  );
  return `<table><caption>Pairs of an identity and an operation, by tier and API</caption><thead><tr><th scope="col">Tier</th>${head}</tr></thead><tbody>\n${rows.join("")}</tbody></table>`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** As the policy of the page names what it lets run. */
function digest(content: string): string {
  return `sha256-${hash("sha256", content, "base64")}`;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text of an estate in the page: never HTML (threats B21, P18). */
function text(value: string): string {
  return visible(value.slice(0, 300)).replace(/[&<>"']/g, (character) => escapes[character]!);
}
