/** What a publisher shows of its estate, as a page of text. */
import { visible } from "../diagnostics/index.ts";
import type { JsonObject } from "../json/index.ts";
import type { View } from "../publish/index.ts";
import { renderTable } from "./output.ts";
import { writeTime } from "./times.ts";

export function renderStatus(answer: JsonObject): string {
  const view = answer as unknown as View;
  const { head, inForce, halted, alarms, changes, gateways, candidates } = view;
  const live = gateways.filter((gateway) => gateway.live).length;
  const sections = [
    renderTable([
      ["head", `${head.version}, ${view.now - head.at} s old`],
      ...(["canary", "stable"] as const).map((ring) => {
        const release = inForce[ring];
        return [ring, release ? `${release.revision} since ${writeTime(release.since)}` : "nothing is released yet"];
      }),
      ["floor", String(head.floor)],
      ["revoked", String(view.revoked)],
      ["gateways", `${live} live, ${gateways.length - live} silent`],
      ["audit log", `${head.audit.size} records, ${head.audit.root}`],
    ]),
    halted ? `\nHALTED by ${visible(halted.by.name)} since ${writeTime(halted.at)}: ${visible(halted.reason)}\n` : "",
    alarms.map(({ code, message }) => `\nALARM ${code}: ${visible(message)}\n`).join(""),
    titled(
      "changes, the newest first",
      changes
        .slice(0, 10)
        .map((change) => [
          String(change.sequence),
          writeTime(change.at),
          change.kind,
          change.words,
          `${change.reach.enforced} of ${change.reach.live}`,
          change.took === undefined ? "" : `${change.took} ms`,
        ]),
    ),
    titled(
      "candidates",
      candidates
        .slice(0, 10)
        .map((candidate) => [
          candidate.digest,
          candidate.revision,
          candidate.state,
          `${candidate.approvedBy.length} of ${candidate.approvalsNeeded} approvals`,
        ]),
    ),
    titled(
      "gateways with trouble",
      gateways
        .filter(({ live: isLive, problems }) => !isLive || problems.length > 0)
        .map((gateway) => [
          gateway.name,
          gateway.live ? "live" : gateway.heard === 0 ? "never heard of" : `silent since ${writeTime(gateway.heard)}`,
          gateway.problems.map(({ code }) => code).join(" "),
        ]),
    ),
  ];
  return sections.join("");
}

function titled(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : `\n${title}\n${renderTable(rows)}`;
}
