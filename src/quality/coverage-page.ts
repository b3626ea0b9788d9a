/** Coverage as one page: the policy files themselves, each declaration marked by what examples show of it. */
import { count, type Html, html } from "../html/index.ts";
import { type Coverage, type Covered, percent, type Share } from "./coverage.ts";
import { style } from "./style.ts";

/**
 * One file that needs nothing else. Whatever an author wrote is text in it.
 *
 * @param sources texts of policy files by path
 */
export function coveragePage(
  coverage: Coverage,
  sources: ReadonlyMap<string, string>,
  { prefix, examples }: { readonly prefix: string; readonly examples: number },
): string {
  const byPath = Map.groupBy(coverage.declarations, ({ declaration }) => declaration?.place?.path ?? "");
  const files = [...byPath].filter(([path]) => sources.has(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  const elsewhere = byPath.get("") ?? [];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Coverage of examples</title>
${style}
</head>
<body>
<h1>Coverage of examples: ${percent(coverage)} %</h1>
<p>${count(examples, "example")} show ${coverage.shown} of ${count(coverage.of, "point")}.</p>
<table>
<thead><tr><th>kind</th><th>shown</th><th>of</th><th>%</th></tr></thead>
<tbody>
${coverage.kinds.map((kind) => kindRow(kind.kind, kind))}
</tbody>
</table>
<p class="quiet"><span class="good">✓</span> every way in which it can come out is shown · <span class="part">◐</span> some · <span class="bad">✗</span> none</p>
${elsewhere.filter(({ shown, of }) => shown < of).map((covered) => html`<h2>Reasons</h2>\n${missing(covered)}\n`)}
${files.map(([path, its]) => sourceTable(prefix + path, sources.get(path) ?? "", its))}
</body>
</html>
`.text;
}

function kindRow(name: string, share: Share): Html {
  return html`<tr><td>${name}</td><td class="number">${share.shown}</td><td class="number">${share.of}</td><td class="number">${percent(share)}</td></tr>\n`;
}

function sourceTable(path: string, text: string, covered: readonly Covered[]): Html {
  const byLine = Map.groupBy(covered, ({ declaration }) => declaration?.place?.line ?? 0);
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === "") lines.pop();
  const all = covered.reduce((sum, { shown, of }) => ({ shown: sum.shown + shown, of: sum.of + of }), {
    shown: 0,
    of: 0,
  });
  return html`<h2>${path} <span class="quiet">${all.shown} of ${all.of}</span></h2>
<table class="source">
<tbody>
${lines.map((line, i) => sourceRow(i + 1, line, byLine.get(i + 1) ?? []))}
</tbody>
</table>
`;
}

function sourceRow(number: number, line: string, covered: readonly Covered[]): Html {
  if (covered.length === 0) return html`<tr><td>${number}</td><td></td><td><code>${line}</code></td></tr>\n`;
  const [state, mark] = stateOf(covered);
  return html`<tr class="${state}"><td>${number}</td><td class="${state}">${mark}</td><td><code>${line}</code>${covered.map(missing)}</td></tr>\n`;
}

function stateOf(covered: readonly Covered[]): readonly [string, string] {
  if (covered.every(({ shown, of }) => shown === of)) return ["good", "✓"];
  return covered.some(({ shown }) => shown > 0) ? ["part", "◐"] : ["bad", "✗"];
}

function missing({ declaration, points, shown, of }: Covered): Html {
  const lacking = points.filter(({ examples }) => examples.length === 0);
  if (lacking.length === 0) return html``;
  const name = declaration ? html`${declaration.kind} ${declaration.name}: ` : html``;
  return html`<div class="missing">${name}${shown} of ${of}<ul>${lacking.map((point) => html`<li>${point.missing}</li>`)}</ul></div>`;
}
