/** What changed last, and how far through the estate each change has come. */

import { bdi, count, grouped, type Html, html, join, nothing } from "../html/index.ts";
import type { ChangeView, GatewayView, View } from "../publish/index.ts";
import { who } from "./in-force.ts";
import { mark, shares, squares } from "./picture.ts";
import type { GatewayState } from "./state.ts";
import { moment, since, span, took } from "./units.ts";

/** Shown at once; the others are folded. */
const FIRST = 5;
/** Squares for up to so many gateways, a bar for more. */
const MOST_SQUARES = 120;
const COLUMNS = 28;
const NAMES = 8;

const VERBS: Readonly<Record<ChangeView["kind"], string>> = {
  publish: "Release",
  recall: "Recall",
  restore: "Restoration",
  revoke: "Revocation",
};

export function changes(view: View): Html {
  const items = view.changes.map((change) => changeItem(change, view));
  const body =
    items.length > 0
      ? html`<p class="keys quiet">${key("current", "enforced")} ${key("behind", "missing")} ${key("silent", "not heard of: denies once it is stale")}</p><ol class="changes">${items.slice(0, FIRST)}</ol>${folded(items.slice(FIRST))}`
      : html`<p>Nothing was released or revoked yet. Next: <code>writ revoke identity NAME --reason "…" --wait</code></p>`;
  return html`<section id="changes" aria-labelledby="changes-title"><h2 id="changes-title">Latest changes</h2><p>${count(view.revoked, "entry", "entries")} revoked now.</p>${body}</section>`;
}

function key(state: GatewayState, words: string): Html {
  return html`<span class="key">${mark(state)} ${words}</span>`;
}

function folded(items: readonly Html[]): Html {
  if (items.length === 0) return nothing;
  return html`<details data-key="earlier"><summary>${count(items.length, "earlier change")}</summary><ol class="changes">${items}</ol></details>`;
}

/** One sentence that changes when a change begins and when it is everywhere, so that it can be read aloud. */
export function latestWords(view: View): Html {
  const [change] = view.changes;
  if (!change) return html`No change yet.`;
  const { live, enforced } = change.reach;
  const title = html`${VERBS[change.kind]} ${change.sequence} (${bdi(change.words)})`;
  if (live === 0) return html`${title}: no gateway is there to enforce it.`;
  if (enforced < live) return html`${title} is on its way to ${count(live, "gateway")}.`;
  const time = change.took === undefined ? nothing : html`, after ${took(change.took)}`;
  return html`${title} is enforced by ${live === 1 ? "the one live gateway" : `all ${count(live, "live gateway")}`}${time}.`;
}

function changeItem(change: ChangeView, view: View): Html {
  const { sequence, kind, at, by, words, reason } = change;
  return html`<li data-key="${sequence}"><article class="card" aria-labelledby="change-${sequence}"><div><h3 id="change-${sequence}"><span class="kind ${kind}">${VERBS[kind]}</span> ${bdi(words)}</h3>
<p class="quiet">Number ${sequence}, by ${who(by)}, ${since(at, view.now)}${reason === undefined ? nothing : html`: “${bdi(reason)}”`}</p></div><div>${way(change, view)}</div></article></li>`;
}

/** Its way through the estate: who enforces it, who does not yet, who was not heard of. */
function way(change: ChangeView, view: View): Html {
  const ways = view.gateways.flatMap((gateway) => {
    const found = wayOf(gateway, change);
    return found ? [{ name: gateway.name, found }] : [];
  });
  const named = (state: GatewayState) => ways.filter(({ found }) => found === state).map(({ name }) => name);
  const { live, enforced } = change.reach;
  const arrived = `${grouped(enforced)} of ${count(live, "live gateway")} enforced it`;
  const picture =
    ways.length > MOST_SQUARES
      ? shares(named("current").length, named("behind").length, named("silent").length, arrived)
      : squares(ways.map(({ found }) => found).sort(byWay), COLUMNS, arrived);
  return html`${ways.length > 0 ? picture : nothing}
<p>${state(change, view)}</p>${list("Missing", named("behind"))}${list("Not heard of", named("silent"))}`;
}

function state({ reach: { live, enforced }, took: time, at }: ChangeView, view: View): Html {
  if (live === 0) return html`No live gateway.`;
  if (enforced < live)
    return html`<strong class="warn">${grouped(enforced)} of ${count(live, "live gateway")}</strong>, on its way for ${span(view.now - at)}.`;
  const where = live === 1 ? "Enforced by the one live gateway" : `Enforced by all ${count(live, "live gateway")}`;
  return time === undefined ? html`${where}.` : html`${where} after <strong>${took(time)}</strong>.`;
}

function list(title: string, names: readonly string[]): Html {
  if (names.length === 0) return nothing;
  const rest = names.length > NAMES ? html` and ${grouped(names.length - NAMES)} more` : nothing;
  return html`<p>${title}: ${join(names.slice(0, NAMES).map(bdi), ", ")}${rest}</p>`;
}

/** Of a gateway in another ring than a release is for: nothing. */
function wayOf({ ring, policy, enforced, live }: GatewayView, change: ChangeView): GatewayState | undefined {
  if (change.policy && change.policy.ring !== ring) return undefined;
  if (change.policy ? (policy?.sequence ?? 0) >= change.policy.sequence : enforced >= change.sequence) return "current";
  return live ? "behind" : "silent";
}

const ORDER: readonly GatewayState[] = ["current", "behind", "silent"];

function byWay(a: GatewayState, b: GatewayState): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b);
}

/** When it was all last seen, for the end of the page. */
export function headWords(view: View): Html {
  return html`Head ${view.head.version} of ${moment(view.head.at)}, floor ${view.head.floor}.`;
}
