/** The gateways: a picture of all of them where they are many, and a row for each. */

import { bdi, count, grouped, type Html, html, nothing } from "../html/index.ts";
import { rings } from "../protocol/index.ts";
import type { GatewayView, View } from "../publish/index.ts";
import { gauge, mark, squares } from "./picture.ts";
import { problemItem } from "./problems.ts";
import { gatewayStates, limitOf, stateOf, stateWords } from "./state.ts";
import { since, span } from "./units.ts";

/** Rows that are read; more of them are a picture first. */
const MOST_ROWS = 30;
const COLUMNS = 50;
/** Of those with trouble; the rest of them is folded with all others. */
const MOST_TROUBLE = 50;

export function gateways(view: View): Html {
  return html`<section id="gateways" aria-labelledby="gateways-title"><h2 id="gateways-title">Gateways${
    view.gateways.length > 0 ? html` <span class="amount">${grouped(view.gateways.length)}</span>` : nothing
  }</h2>${view.gateways.length === 0 ? none() : view.gateways.length <= MOST_ROWS ? table(view.gateways, view, "Every gateway") : many(view)}</section>`;
}

function none(): Html {
  return html`<p>No gateway was heard of yet. A service opens one with <code>openGateway({ root, url })</code>; a stock OPA takes what this prints:</p><p class="next">Next: <code>writ opa-config</code></p>`;
}

function many(view: View): Html {
  const troubled = gatewayStates
    .filter((state) => state !== "current")
    .flatMap((state) => view.gateways.filter((gateway) => stateOf(gateway, view) === state));
  const shown = troubled.slice(0, MOST_TROUBLE);
  const names = new Set(shown.map(({ name }) => name));
  const rest = view.gateways.filter(({ name }) => !names.has(name));
  return html`${rings.map((ring) => picture(ring, view))}${legend(view)}${
    shown.length > 0 ? table(shown, view, "Gateways that need a look") : html`<p>None of them needs a look.</p>`
  }<details data-key="rest"><summary>${count(rest.length, shown.length > 0 ? "other gateway" : "gateway")}</summary>${
    rest.length > 0 ? table(rest, view, "All others") : nothing
  }</details>`;
}

function picture(ring: "canary" | "stable", view: View): Html {
  const states = view.gateways.filter((gateway) => gateway.ring === ring).map((gateway) => stateOf(gateway, view));
  if (states.length === 0) return nothing;
  const current = states.filter((state) => state === "current").length;
  return html`<figure data-key="${ring}"><figcaption>Ring ${ring}: ${grouped(current)} of ${count(states.length, "gateway")} current</figcaption>${squares(states, COLUMNS, `${grouped(current)} of ${grouped(states.length)} gateways of ring ${ring} are current`)}</figure>`;
}

function legend(view: View): Html {
  const states = view.gateways.map((gateway) => stateOf(gateway, view));
  const items = gatewayStates.toReversed().map((state) => {
    const found = states.filter((each) => each === state).length;
    return html`<li>${mark(state)} ${grouped(found)} ${stateWords[state]}</li>`;
  });
  return html`<ul class="legend">${items}</ul>`;
}

function table(shown: readonly GatewayView[], view: View, caption: string): Html {
  return html`<table class="stacks even"><caption>${caption}</caption><thead><tr><th scope="col">Gateway</th><th scope="col">State</th><th scope="col">Policy</th><th scope="col">Age of revocations</th><th scope="col">Decisions</th></tr></thead><tbody>${shown.map((gateway) => row(gateway, view))}</tbody></table>`;
}

function row(gateway: GatewayView, view: View): Html {
  const { name, kind, ring, policy, problems } = gateway;
  const state = stateOf(gateway, view);
  const revision = policy
    ? html`${policy.revision === undefined ? nothing : html`${bdi(policy.revision)} `}<span class="quiet line">sequence ${policy.sequence}</span>`
    : html`<span class="warn">none</span>`;
  return html`<tr data-key="${name}"><th scope="row">${bdi(name)} <span class="quiet line">${kind === "opa" ? "stock OPA" : "SDK"}, ${ring}</span></th><td data-label="State">${mark(state)} ${
    state === "silent" ? silent(gateway, view) : stateWords[state]
  }${problems.length > 0 ? html`<ul class="problems">${problems.map(problemItem)}</ul>` : nothing}</td><td data-label="Policy">${revision}</td><td data-label="Age of revocations">${age(gateway, view)}</td><td data-label="Decisions">${decisions(gateway)}</td></tr>`;
}

function silent({ heard }: GatewayView, { now }: View): Html {
  return heard === 0 ? html`silent, never heard of yet` : html`silent, heard ${since(heard, now)}`;
}

function age({ age: value, ring }: GatewayView, view: View): Html {
  const limit = limitOf(view, ring);
  if (value === undefined) return html`<span class="warn">not known</span>`;
  return html`${gauge(value, limit)} <span class="age">${span(value)} of ${span(limit)}</span>`;
}

function decisions({ allowed, denied, dropped }: GatewayView): Html {
  const lost = dropped > 0 ? html` <span class="warn line">${count(dropped, "line")} of the log lost</span>` : nothing;
  return html`${grouped(allowed)} allowed, <span class="line">${grouped(denied)} denied</span>${lost}`;
}
