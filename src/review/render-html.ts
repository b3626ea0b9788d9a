/** A difference as one page in one file: opened from disk, sent by mail, printed; it needs no script and loads nothing. */
import { bdi, type Html, html, join, nothing } from "../html/index.ts";
import { requestLine } from "./request.ts";
import type { Cause, Review, ReviewedChange } from "./review.ts";
import { pageStyle } from "./style.ts";
import { counted, countsOf, outcomeOf, type Part, type Sentence, sentenceOf, verdictOf, whenOf } from "./words.ts";

/** Changes with all that is known of them; what comes after is one sentence each. */
const WHOLE = 500;
/** Names of a list; what comes after is counted. */
const NAMES = 200;
/** Of a line of a request: a longer one goes on in the next. */
const LINE = 120;

export function renderDifferenceHtml(review: Review): string {
  const { changes, before, after, digest } = review;
  const counts = countsOf(changes.map(({ change }) => change.kind));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Writ: ${verdictOf(review)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<p class="brand">Writ</p>
<h1>${verdictOf(review)}</h1>
<p>From ${bdi(before.name)} to ${bdi(after.name)}.</p>
<ul class="counts">${counts.map(([kind, amount]) => html`<li class="${kind}"><strong>${amount}</strong> ${kind}</li>`)}</ul>
</header>
<main>
${changes.length === 0 ? nothing : html`<ol class="changes">${changes.map((change, index) => (index < WHOLE ? whole(change, index) : brief(change)))}</ol>`}
${unused(review)}
</main>
<footer><p>Digest of this difference: <code>${digest}</code></p></footer>
</body>
</html>
`.text;
}

function whole({ change, causes, approval }: ReviewedChange, index: number): Html {
  const { kind, identities, operations, when, witness } = change;
  const cases = when.length > 1 || (when[0]?.length ?? 0) > 1;
  return html`<li id="change-${index + 1}" class="${kind}"><article>
<h2><span class="kind">${kind}</span> ${said(sentenceOf(change, { cases: 2, together: 6 }))}</h2>
<p class="outcome">${said(outcomeOf(change))}</p>
${causes.length === 0 ? nothing : html`<p>Because of ${join(causes.map(causeOf), ", ")}.</p>`}
${approval ? html`<p class="approved">Approved by ${join(approval.by.map(bdi), ", ")}${approval.ticket === undefined ? nothing : html`, ${bdi(approval.ticket)}`}: ${bdi(approval.reason)}</p>` : nothing}
${list("caller", "callers", identities)}${list("operation", "operations", operations)}
${cases ? html`<details><summary>when</summary><p>${said(whenOf(change, { cases: 200, together: 50 }))}</p></details>` : nothing}
<details><summary>a request that shows it</summary><pre>${lines(requestLine(witness))}</pre></details>
<p class="digest">Change <code>${change.digest}</code></p>
</article></li>`;
}

function brief({ change }: ReviewedChange): Html {
  return html`<li class="${change.kind}"><article><h2><span class="kind">${change.kind}</span> ${said(sentenceOf(change, { cases: 2, together: 6 }))}</h2></article></li>`;
}

function causeOf({ name, place }: Cause): Html {
  return place ? html`<code>${name}</code> (${place.path}:${place.line})` : html`<code>${name}</code>`;
}

function list(one: string, many: string, names: readonly string[]): Html {
  if (names.length < 2) return nothing;
  const more = names.length > NAMES ? html`<li>and ${counted(names.length - NAMES, one, many)} more</li>` : nothing;
  return html`<details><summary>${counted(names.length, one, many)}</summary><ul>${names.slice(0, NAMES).map((name) => html`<li><code>${name}</code></li>`)}${more}</ul></details>`;
}

function said(sentence: Sentence): readonly Html[] {
  return sentence.map((part: Part) => {
    if (typeof part === "string") return html`${part}`;
    return "words" in part ? html`<q>${part.words}</q>` : html`<code>${part.name}</code>`;
  });
}

/** Each piece is short enough to be shown whole. */
function lines(text: string): Html {
  const pieces: Html[] = [];
  for (let at = 0; at < text.length; at += LINE) pieces.push(html`${text.slice(at, at + LINE)}`);
  return join(pieces, "");
}

function unused({ unused }: Review): Html {
  if (unused.length === 0) return nothing;
  return html`<section><h2>Approved, and not among the changes</h2><ul>${unused.map(({ change, reason }) => html`<li><code>${change}</code> ${bdi(reason)}</li>`)}</ul></section>`;
}
