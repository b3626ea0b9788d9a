/**
 * More trust must not take access away: for each step up in trust, what the lower tier accepts the higher one accepts too. Two
 * tiers that share no method are different worlds, and nobody moves between them without new credentials.
 */
import { report } from "../../diagnostics/index.ts";
import type { Tier } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { formatDuration } from "../time.ts";

export function checkTiers(estate: Estate): void {
  const levels = Map.groupBy(estate.tiers.values(), ({ value }) => value.trust);
  const sorted = [...levels].sort(([a], [b]) => a - b).map(([, tiers]) => tiers);
  for (const [i, higherTiers] of sorted.entries()) {
    for (const lower of sorted[i - 1] ?? []) {
      for (const higher of higherTiers) {
        const loss = lossBetween(lower.value, higher.value);
        if (!loss) continue;
        const related = [{ span: lower.at(), message: `\`${lower.value.name}\` is declared here` }];
        const parameters = { tier: higher.value.name, lower: lower.value.name, what: loss.what };
        estate.report(report("WRIT3006", higher.at(loss.property), parameters, { related }));
      }
    }
  }
}

function lossBetween(lower: Tier, higher: Tier): { readonly property: string; readonly what: string } | undefined {
  if (!lower.authentication.some((method) => higher.authentication.includes(method))) return undefined;
  const method = lower.authentication.toSorted().find((m) => !higher.authentication.includes(m));
  if (method) return { property: "authentication", what: `\`${method}\` is not accepted any more` };
  for (const leaf of ["bound", "bearer"] as const) {
    const [before = 0, after = 0] = [lower.tokenLifetime[leaf], higher.tokenLifetime[leaf]];
    const used = leaf === "bearer" ? ["bearer"] : ["mtls", "dpop"];
    if (after < before && lower.authentication.some((m) => used.includes(m)))
      return {
        property: "tokenLifetime",
        what: `its ${leaf} tokens may live \`${formatDuration(before)}\` now, and \`${formatDuration(after)}\` then`,
      };
  }
  if ((higher.keyRotation ?? 0) < (lower.keyRotation ?? 0))
    return { property: "keyRotation", what: "its static keys are too old sooner" };
  if (higher.audiences < lower.audiences)
    return {
      property: "audiences",
      what: `its tokens may name fewer audiences, ${higher.audiences} instead of ${lower.audiences}`,
    };
  return undefined;
}
