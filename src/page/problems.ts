/** A problem that somebody reported: its code, its sentence, and where the rest of it is told. */

import { bdi, type Html, html, nothing } from "../html/index.ts";
import type { ReportedProblem } from "../protocol/index.ts";
import { mark } from "./picture.ts";
import { shortDigest } from "./units.ts";

export function problemItem({ code, message, digest }: ReportedProblem): Html {
  const about = digest === undefined ? nothing : html` (bundle ${shortDigest(digest)})`;
  return html`<li>${mark("trouble")} <strong>${code}</strong> ${bdi(message)}${about} <span class="quiet">Next: <code>writ explain ${code}</code></span></li>`;
}
