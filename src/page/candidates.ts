/** Candidates: what waits for an approval or a release, and the command that is next. */
import type { CandidateView, View } from "../publish/index.ts";
import { bdi, count, type Html, html, nothing } from "./html.ts";
import { who, whoAll } from "./in-force.ts";
import { digest, since } from "./units.ts";

export function candidates(view: View): Html {
  const open = view.candidates.filter(({ state }) => state !== "stable" && state !== "superseded");
  const done = view.candidates.filter(({ state }) => state === "stable" || state === "superseded");
  const body =
    open.length > 0
      ? table(open, view, "Candidates that somebody has to do something about")
      : html`<p>Nothing waits. Next: <code>writ submit bundle.tar.gz --provenance provenance.json</code></p>`;
  const rest =
    done.length > 0
      ? html`<details data-key="done"><summary>${count(done.length, "earlier candidate")}</summary>${table(done, view, "Earlier candidates")}</details>`
      : nothing;
  return html`<section id="candidates" aria-labelledby="candidates-title"><h2 id="candidates-title">Candidates</h2>${body}${rest}</section>`;
}

function table(shown: readonly CandidateView[], view: View, caption: string): Html {
  return html`<table class="stacks"><caption>${caption}</caption><thead><tr><th scope="col">Revision</th><th scope="col">Submitted</th><th scope="col">Approvals</th><th scope="col">State</th></tr></thead><tbody>${shown.map((candidate) => row(candidate, view))}</tbody></table>`;
}

function row(candidate: CandidateView, view: View): Html {
  const { digest: hex, revision, sequence, submitted, submittedBy, approvedBy, approvalsNeeded, emergency } = candidate;
  const urgent = emergency === undefined ? nothing : html`<p class="warn">Emergency: ${bdi(emergency)}</p>`;
  return html`<tr data-key="${hex}"><th scope="row">${bdi(revision)} <span class="quiet">sequence ${sequence}</span><br>${digest(hex)}</th><td data-label="Submitted">by ${who(submittedBy)}, ${since(submitted, view.now)}${urgent}</td><td data-label="Approvals">${approvedBy.length} of ${approvalsNeeded}: ${whoAll(approvedBy)}</td><td data-label="State">${stateWords(candidate)}</td></tr>`;
}

function stateWords({ digest: hex, state }: CandidateView): Html {
  const next = (command: string) => html`<p class="next">Next: <code>${command}</code></p>`;
  switch (state) {
    case "waiting":
      return html`waits for approval${next(`writ approve ${hex} --shown diff.md`)}`;
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
