/** What is in force in each ring, whether releases go on, and what is wrong with the publisher itself. */

import { bdi, type Html, html, join, nothing } from "../html/index.ts";
import { rings } from "../protocol/index.ts";
import type { By, ReleaseView, View } from "../publish/index.ts";
import { problemItem } from "./problems.ts";
import { endOf } from "./state.ts";
import { digest, moment, shortDigest, since, span } from "./units.ts";

/** Seconds before its end when a policy asks to be released again. */
const SOON = 3 * 86_400;

export function who(by: By): Html {
  return bdi(by.name === "" ? `${by.subject} of ${by.issuer}` : by.name);
}

export function whoAll(all: readonly By[]): Html {
  return all.length === 0 ? html`nobody` : join(all.map(who), ", ");
}

export function inForce(view: View): Html {
  const cards = rings.map((ring) => {
    const release = view.inForce[ring];
    return html`<article class="${release && endOf(release, view) ? "card ended" : "card"}" data-key="${ring}" aria-labelledby="ring-${ring}"><h3 id="ring-${ring}">Ring ${ring}</h3>${
      release ? releaseCard(release, view) : emptyRing(ring, view)
    }</article>`;
  });
  return html`<section id="in-force" aria-labelledby="in-force-title"><h2 id="in-force-title">Rings</h2><div class="cards">${cards}</div></section>`;
}

function releaseCard(release: ReleaseView, view: View): Html {
  const { provenance } = release;
  return html`<p class="revision">${bdi(release.revision)}</p>
<p>since ${since(release.since, view.now)}</p>
<dl>
<dt>Approved by</dt><dd>${whoAll(release.approvedBy)}</dd>
<dt>Released by</dt><dd>${who(release.releasedBy)}</dd>
<dt>Expires</dt><dd>${expiry(release, view)}</dd>
<dt>Commit</dt><dd>${shortDigest(provenance.commit)} of ${bdi(provenance.repository)}, built by ${bdi(provenance.workflow)}</dd>
<dt>Content</dt><dd>${digest(release.content)}</dd>
<dt>Bundle</dt><dd>${digest(release.digest)}, sequence ${release.sequence}</dd>
</dl>`;
}

function expiry(release: ReleaseView, view: View): Html {
  const end = endOf(release, view);
  const left = release.expires - view.now;
  if (end === "expired")
    return html`${moment(release.expires)} <strong class="bad">expired: every request is denied</strong>`;
  const words = html`${moment(release.expires)} <span class="${left < SOON ? "warn" : "quiet"}">${left < SOON ? html`(only ${span(left)} left: release it again)` : html`(in ${span(left)})`}</span>`;
  return end
    ? html`${words} <strong class="bad">below the floor ${view.head.floor}: every request is denied</strong>`
    : words;
}

function emptyRing(ring: "canary" | "stable", view: View): Html {
  const next = view.candidates.find(({ state }) => state === (ring === "canary" ? "approved" : "canary"));
  const command = next
    ? `writ release ${next.digest} --ring ${ring}`
    : "writ submit bundle.tar.gz --provenance provenance.json";
  return html`<p>Nothing yet: its gateways deny everything, as <code>policy-missing</code>.</p><p class="next">Next: <code>${command}</code></p>`;
}

export function releases(view: View): Html {
  const { halted } = view;
  const body = halted
    ? html`<p class="notice warn"><strong>Halted</strong> by ${who(halted.by)} since ${since(halted.at, view.now)}: ${bdi(halted.reason)}</p>
<p>No release goes on in any ring; revocations do.</p><p class="next">Next: <code>writ resume --reason "…"</code></p>`
    : html`<p>Releases go on. Stop them in every ring: <code>writ halt --reason "…"</code></p>`;
  return html`<section id="releases" aria-labelledby="releases-title"><h2 id="releases-title">Releases</h2>${body}</section>`;
}

export function alarms(view: View): Html {
  const items = view.alarms.map(problemItem);
  const body = items.length > 0 ? html`<ul class="problems">${items}</ul>` : html`<p>No alarm.</p>`;
  const title = items.length > 0 ? html` <span class="amount">${items.length}</span>` : nothing;
  return html`<section id="alarms" aria-labelledby="alarms-title"><h2 id="alarms-title">Alarms${title}</h2>${body}</section>`;
}
