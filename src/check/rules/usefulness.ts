/** What is declared and does nothing. */
import { report } from "../../diagnostics/index.ts";
import type { Estate } from "../estate.ts";
import type { Reach } from "./reach.ts";

export function checkUsefulness(estate: Estate, reach: Reach): void {
  // Without any operation somebody has just begun: then nothing is needed yet, and all of it would be said of everything.
  if (estate.apis.length === 0) return;
  checkScopes(estate, reach);
  checkRules(estate, reach);
  checkNevers(estate, reach);
  checkHeaders(estate);
  checkDemands(estate);
  checkTogether(estate);
}

function checkScopes(estate: Estate, reach: Reach): void {
  const impliedByNeeded = (scope: string) =>
    reach.isNeeded(scope) || estate.vocabulary.implied(scope).some((s) => reach.isNeeded(s));
  for (const scope of estate.vocabulary.names) {
    if (!impliedByNeeded(scope)) estate.report(report("WRIT3051", estate.vocabulary.place(scope), { scope }));
  }
}

function checkRules(estate: Estate, reach: Reach): void {
  for (const { kind, value, reached, at } of estate.rules) {
    // A group that holds nobody, and a scope that nothing needs, are named where they are declared.
    if (reached.makeup.tiers.size === 0 || reach.reaches(value)) continue;
    if (value.scopes.some((scope) => reach.isNeeded(scope)))
      estate.report(report("WRIT3211", at(), { what: `this ${kind}` }));
  }
}

/** A `never` that is about nobody or nothing holds whatever is granted, and protects nothing. */
function checkNevers(estate: Estate, reach: Reach): void {
  const groups = new Map(estate.groups.map(({ name, members }) => [name, members]));
  for (const { value, at } of estate.nevers) {
    if (!reach.reaches(value) && value.scopes.some((scope) => reach.isNeeded(scope)))
      estate.report(report("WRIT3211", at(), { what: "this `never`" }));
    const { by, issuer } = value;
    if (issuer === undefined) continue;
    const members = by?.groups.flatMap((group) => groups.get(group) ?? []) ?? [];
    const named = new Set([...(by?.identities ?? []), ...members]);
    const meant = [...estate.identities.values()].filter(
      (identity) => !by || named.has(identity.value.name) || by.tiers.includes(identity.value.tier),
    );
    if (meant.length > 0 && meant.every((identity) => identity.value.issuer !== issuer))
      estate.report(report("WRIT4103", at("issuer"), { issuer }));
  }
}

function checkHeaders(estate: Estate): void {
  for (const { value, headerScopes } of estate.apis) {
    const needed = new Set(value.operations.flatMap((operation) => operation.scopes));
    for (const [key, span] of headerScopes) {
      const scope = key.slice(key.indexOf(" ") + 1);
      if (!needed.has(scope)) estate.report(report("WRIT3050", span, { scope }));
    }
  }
}

function checkDemands(estate: Estate): void {
  if (estate.tiers.size === 0) return;
  const highest = Math.max(...[...estate.tiers.values()].map((tier) => tier.value.trust));
  for (const { trust, span } of estate.demands) {
    if (trust > highest) estate.report(report("WRIT3049", span, { trust }));
  }
}

/** Who carries and holds one scope carries and holds what it implies: only a deny, a `never` or a header can tell whether that is needed, too. */
function checkTogether(estate: Estate): void {
  const told = new Set([
    ...estate.rules.flatMap(({ kind, value }) => (kind === "deny" ? value.scopes : [])),
    ...estate.nevers.flatMap(({ value }) => value.scopes),
    ...estate.apis.flatMap(({ headerScopes }) =>
      [...headerScopes.keys()].map((key) => key.slice(key.indexOf(" ") + 1)),
    ),
  ]);
  for (const list of estate.together) {
    for (const { scope, span } of list) {
      const by = list.find((other) => estate.vocabulary.implied(other.scope).includes(scope));
      // Of two that imply each other the later is left.
      const isMutual =
        by &&
        estate.vocabulary.implied(scope).includes(by.scope) &&
        list.indexOf(by) > list.findIndex((one) => one.scope === scope);
      if (!by || isMutual || told.has(scope)) continue;
      const related = [{ span: by.span, message: `\`${by.scope}\` is here` }];
      estate.report(report("WRIT4114", span, { scope, by: by.scope }, { related }));
    }
  }
}
