/** What the tiers that a grant reaches allow it: wildcards, how long it lasts, who must have approved it. */
import { report } from "../../diagnostics/index.ts";
import type { Tier } from "../../model/index.ts";
import type { DeclaredRule, Estate } from "../estate.ts";
import { watchedBelow } from "../identities.ts";
import { formatDuration } from "../time.ts";
import { defaultEmergency } from "../words/tier.ts";

/** @param issued when the policies are released, if they are: a grant without `from` then begins */
export function checkGrants(estate: Estate, issued?: number): void {
  for (const rule of estate.rules) {
    if (rule.kind === "deny") continue;
    const tiers = [...rule.reached.makeup.tiers].sort().flatMap((name) => estate.tiers.get(name)?.value ?? []);
    checkWildcards(estate, rule, tiers);
    if (rule.kind === "emergency") checkEmergency(estate, rule, tiers);
    else checkLife(estate, rule, tiers, issued);
  }
}

type GrantRule = Exclude<DeclaredRule, { kind: "deny" }>;

function checkWildcards(estate: Estate, { patterns }: GrantRule, tiers: readonly Tier[]): void {
  const without = tiers.find((tier) => !tier.wildcards);
  if (!without) return;
  for (const { text, span, wildcard } of patterns) {
    if (!wildcard) continue;
    const related = relatedTier(estate, without, "wildcards");
    estate.report(report("WRIT3201", span, { pattern: text, tier: without.name }, { related }));
  }
}

/** Without a clock only what is written can be measured: from `from` to `until`. Whoever releases has one. */
function checkLife(estate: Estate, { value, at }: GrantRule, tiers: readonly Tier[], issued: number | undefined): void {
  const watched = tiers.find((tier) => tier.trust < watchedBelow);
  if (watched) {
    const parameters = { tier: watched.name, trust: watched.trust };
    const related = relatedTier(estate, watched, "trust");
    if (value.until === undefined) estate.report(report("WRIT3202", at(), parameters, { related }));
    if (!value.approved) estate.report(report("WRIT3206", at(), parameters, { related }));
  }
  const { from = issued, until } = value;
  if (from === undefined || until === undefined) return;
  const [shortest] = tiers
    .flatMap(({ grantLifetime, ...tier }) => (grantLifetime === undefined ? [] : [{ grantLifetime, ...tier }]))
    .sort((a, b) => a.grantLifetime - b.grantLifetime || (a.name < b.name ? -1 : 1));
  if (!shortest || until - from <= shortest.grantLifetime) return;
  const related = relatedTier(estate, shortest, "grantLifetime");
  const limit = formatDuration(shortest.grantLifetime);
  const code = value.from === undefined ? "WRIT3212" : "WRIT3203";
  estate.report(report(code, at("until"), { tier: shortest.name, limit }, { related }));
}

function checkEmergency(estate: Estate, { value, at }: GrantRule, tiers: readonly Tier[]): void {
  const { from = 0, until = 0, approved } = value;
  const limits = tiers.map((tier) => tier.emergencyLimit ?? defaultEmergency);
  const limit = Math.min(...(limits.length > 0 ? limits : [defaultEmergency]));
  if (until - from > limit) estate.report(report("WRIT3204", at("until"), { limit: formatDuration(limit) }));
  const people = new Set<string>();
  for (const approver of approved?.by ?? []) {
    const person = approver.toLowerCase().replace(/\s+/g, " ").trim();
    if (people.has(person)) estate.report(report("WRIT3205", at("approved", "by"), { approver }));
    people.add(person);
  }
}

function relatedTier(estate: Estate, { name }: { readonly name: string }, property: string) {
  const tier = estate.tiers.get(name);
  return tier ? [{ span: tier.at(property), message: `\`${name}\` is declared here` }] : [];
}
