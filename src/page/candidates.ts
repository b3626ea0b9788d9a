/** What waits for an approval or a release, candidates and restorations, and the command that is next. */

import { bdi, count, type Html, html, nothing } from "../html/index.ts";
import type { CandidateView, RestorationView, View } from "../publish/index.ts";
import { who, whoAll } from "./in-force.ts";
import { digest, since } from "./units.ts";

export function candidates(view: View): Html {
  const open = view.candidates.filter(({ state }) => state !== "stable" && state !== "superseded");
  const done = view.candidates.filter(({ state }) => state === "stable" || state === "superseded");
  const isIdle = open.length === 0 && view.restorations.length === 0;
  const body = html`${open.length > 0 ? table(open, view, "Candidates that somebody has to do something about") : nothing}${
    view.restorations.length > 0 ? restorations(view) : nothing
  }${isIdle ? html`<p>Nothing waits. Next: <code>writ submit bundle.tar.gz --provenance provenance.json</code></p>` : nothing}`;
  const rest =
    done.length > 0
      ? html`<details data-key="done"><summary>${count(done.length, "earlier candidate")}</summary>${table(done, view, "Earlier candidates")}</details>`
      : nothing;
  return html`<section id="candidates" aria-labelledby="candidates-title"><h2 id="candidates-title">Waiting</h2>${body}${rest}</section>`;
}

function table(shown: readonly CandidateView[], view: View, caption: string): Html {
  return html`<table class="stacks"><caption>${caption}</caption><thead><tr><th scope="col">Revision</th><th scope="col">Submitted</th><th scope="col">Approvals</th><th scope="col">State</th></tr></thead><tbody>${shown.map((candidate) => row(candidate, view))}</tbody></table>`;
}

function row(candidate: CandidateView, view: View): Html {
  const { digest: hex, revision, sequence, submitted, submittedBy, approvedBy, approvalsNeeded, emergency } = candidate;
  const urgent = emergency === undefined ? nothing : html`<p class="warn">Emergency: ${bdi(emergency)}</p>`;
  return html`<tr data-key="${hex}"><th scope="row">${bdi(revision)} <span class="quiet">sequence ${sequence}</span><br>${digest(hex)}</th><td data-label="Submitted">by ${who(submittedBy)}, ${since(submitted, view.now)}${urgent}</td><td data-label="Approvals">${approvedBy.length} of ${approvalsNeeded}: ${whoAll(approvedBy)}</td><td data-label="State">${stateWords(candidate)}</td></tr>`;
}

function restorations(view: View): Html {
  return html`<table class="stacks"><caption>Restorations that wait for approval</caption><thead><tr><th scope="col">What</th><th scope="col">Proposed</th><th scope="col">Approvals</th><th scope="col">State</th></tr></thead><tbody>${view.restorations.map((each) => restoration(each, view))}</tbody></table>`;
}

function restoration(proposal: RestorationView, view: View): Html {
  const { digest: hex, words, reason, proposed, proposedBy, approvedBy, approvalsNeeded } = proposal;
  return html`<tr data-key="${hex}"><th scope="row">${bdi(words)}<br>${digest(hex)}</th><td data-label="Proposed">by ${who(proposedBy)}, ${since(proposed, view.now)}: “${bdi(reason)}”</td><td data-label="Approvals">${approvedBy.length} of ${approvalsNeeded}: ${whoAll(approvedBy)}</td><td data-label="State">waits for approval${next(`writ approve ${hex} --shown list.md`)}</td></tr>`;
}

function next(command: string): Html {
  return html`<p class="next">Next: <code>${command}</code></p>`;
}

function stateWords({ digest: hex, state }: CandidateView): Html {
  switch (state) {
    case "waiting":
      return html`waits for approval${next(`writ approve ${hex} --shown diff.json`)}`;
    case "approved":
      return html`approved${next(`writ release ${hex} --ring canary`)}`;
    case "canary":
      return html`in canary${next(`writ release ${hex} --ring stable`)}`;
    case "stable":
      return html`in stable`;
    case "superseded":
      return html`superseded`;
  }
}
