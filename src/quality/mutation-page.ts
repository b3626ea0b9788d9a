/** Mutants as one page: the score, and each edit that nobody notices with what it would do. */
import { count, type Html, html } from "../html/index.ts";
import { percent } from "./coverage.ts";
import type { Declaration } from "./declarations.ts";
import type { Judged, Mutation } from "./judge.ts";
import { mutantKinds } from "./mutant.ts";
import { consequenceText, requestText, scoreOf } from "./mutation-text.ts";
import { style } from "./style.ts";

/** One file that needs nothing else. Whatever an author wrote is text in it. */
export function mutationPage(mutation: Mutation, prefix: string): string {
  const { judged, possible, equivalent } = mutation;
  const score = scoreOf(mutation);
  const survivors = judged.filter(({ outcome }) => outcome === "unnoticed");
  const kinds = mutantKinds.flatMap((kind) => {
    const its = judged.filter(({ mutant }) => mutant.kind === kind);
    const of = (outcome: Judged["outcome"]): number => its.filter((one) => one.outcome === outcome).length;
    return its.length === 0 ? [] : [{ kind, noticed: of("noticed"), unnoticed: of("unnoticed") }];
  });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Careless edits that nobody notices</title>
${style}
</head>
<body>
<h1>Careless edits noticed: ${percent(score)} %</h1>
<p>${score.shown} of ${count(score.of, "edit")}; ${equivalent} more would change no decision. ${judged.length} of ${possible} possible ones were tried.</p>
<table>
<thead><tr><th>edit</th><th>noticed</th><th>not</th></tr></thead>
<tbody>
${kinds.map(({ kind, noticed, unnoticed }) => html`<tr><td>${kind}</td><td class="number">${noticed}</td><td class="number">${unnoticed}</td></tr>\n`)}
</tbody>
</table>
<h2>Nobody notices</h2>
${survivors.length === 0 ? html`<p>Nothing: every edit that was tried is noticed.</p>` : survivors.map((one) => card(one, prefix))}
</body>
</html>
`.text;
}

function card(judged: Judged, prefix: string): Html {
  const { mutant } = judged;
  const [change] = judged.outcome === "unnoticed" ? judged.changes : [];
  return html`<section class="card">
<h3>${mutant.of.kind} ${mutant.of.name}: ${mutant.words}</h3>
<p class="quiet">${placeText(mutant.of, prefix)} · ${mutant.kind}</p>
${change ? html`<p>${consequenceText(change)}</p>\n<pre>${requestText(change.witness.input)}</pre>` : html``}
</section>
`;
}

/** `policies/orders.policy.ts:64`. */
export function placeText({ place }: Declaration, prefix: string): string {
  return place ? `${prefix}${place.path}:${place.line}` : "nowhere";
}
