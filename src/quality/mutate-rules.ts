/** Careless edits of grants, denies and groups: dropped, widened, longer than they were. */
import type { Deny, Grant, Group, Holders, Identity, Model } from "../model/index.ts";
import { declarationOf, isWrittenDown, type Places } from "./declarations.ts";
import { day, edited, type Mutant, type MutantKind, withOne } from "./mutant.ts";
import { holderNames } from "./points.ts";

export function ruleMutants(model: Model, places: Places): readonly Mutant[] {
  return [
    ...model.grants.flatMap((grant) => grantMutants(model, grant, places)),
    ...model.denies.flatMap((deny) => denyMutants(model, deny, places)),
    ...model.groups.flatMap((group) => groupMutants(model, group, places)),
  ];
}

function grantMutants(model: Model, grant: Grant, places: Places): readonly Mutant[] {
  const of = declarationOf("grant", grant.name, places);
  const mutant = (kind: MutantKind, words: string, to: Grant | undefined): Mutant => ({
    kind,
    of,
    words,
    make: () => ({ ...model, grants: edited(model.grants, grant.name, () => to) }),
  });
  const { on: _on, ...anywhere } = grant;
  const tiers = tiersOf(model, grant);
  // What the checker refuses cannot go unnoticed, so it is no mutant.
  const lasts = (to: Grant): boolean => mayLast(to, tiers);
  const { until: _until, ...endless } = grant;
  const { from: _from, ...ever } = grant;
  const scope = anotherScope(model, grant, tiers);
  const holder = anotherHolder(model, grant, places);
  return [
    mutant("grant-dropped", "it is gone", undefined),
    ...(grant.on ? [mutant("api-dropped", "`on` is gone", anywhere)] : []),
    ...(grant.until !== undefined && lasts(endless) ? [mutant("until-dropped", "`until` is gone", endless)] : []),
    ...(grant.until === undefined ? [] : [{ ...grant, until: grant.until + day }])
      .filter(lasts)
      .map((to) => mutant("until-later", "`until` is a day later", to)),
    ...(grant.from !== undefined && lasts(ever) ? [mutant("from-dropped", "`from` is gone", ever)] : []),
    ...(grant.from === undefined ? [] : [{ ...grant, from: grant.from - day }])
      .filter(lasts)
      .map((to) => mutant("from-earlier", "`from` is a day earlier", to)),
    ...(scope === undefined
      ? []
      : [
          mutant("scope-added", `it grants \`${scope}\` too`, { ...grant, scopes: closed(model, grant.scopes, scope) }),
        ]),
    ...(holder
      ? [mutant("holder-added", `it is to \`${holder.name}\` too`, { ...grant, to: withHolder(grant.to, holder) })]
      : []),
  ];
}

function closed(model: Model, scopes: readonly string[], scope: string): readonly string[] {
  const implied = model.scopes.find(({ name }) => name === scope)?.implies ?? [];
  return [scope, ...implied].reduce(withOne, scopes);
}

function withHolder(to: Holders, { name }: Identity): Holders {
  return { ...to, identities: withOne(to.identities, name) };
}

function denyMutants(model: Model, deny: Deny, places: Places): readonly Mutant[] {
  const of = declarationOf("deny", deny.name, places);
  const mutant = (kind: MutantKind, words: string, to: Deny | undefined): Mutant => ({
    kind,
    of,
    words,
    make: () => ({ ...model, denies: edited(model.denies, deny.name, () => to) }),
  });
  const without = (list: readonly string[], one: string): readonly string[] => list.filter((other) => other !== one);
  const holders = [...deny.to.identities, ...deny.to.groups];
  const end = deny.until ?? Number.POSITIVE_INFINITY;
  return [
    mutant("deny-dropped", "it is gone", undefined),
    ...(deny.scopes.length > 1 ? deny.scopes : []).map((scope) =>
      mutant("deny-narrowed", `it does not deny \`${scope}\` any more`, {
        ...deny,
        scopes: without(deny.scopes, scope),
      }),
    ),
    ...(holders.length > 1 ? holders : []).map((name) =>
      mutant("deny-narrowed", `it is not to \`${name}\` any more`, {
        ...deny,
        to: { identities: without(deny.to.identities, name), groups: without(deny.to.groups, name) },
      }),
    ),
    ...(Number.isFinite(end)
      ? [mutant("deny-narrowed", "`until` is a day earlier", { ...deny, until: end - day })]
      : []),
    ...(deny.from === undefined
      ? []
      : [mutant("deny-narrowed", "`from` is a day later", { ...deny, from: deny.from + day })]),
  ];
}

/** The rules of `grantLifetime` and of emergencies, as the checker applies them where both ends are written. */
function mayLast({ from, until, emergency }: Grant, tiers: readonly Model["tiers"][number][]): boolean {
  if (emergency && (from === undefined || until === undefined)) return false;
  if (until === undefined) return tiers.every((tier) => tier.trust >= watchedBelow);
  if (from === undefined) return true;
  const limits = tiers.map((tier) =>
    emergency ? (tier.emergencyLimit ?? defaultEmergency) : (tier.grantLifetime ?? Number.POSITIVE_INFINITY),
  );
  return until - from <= Math.min(...limits, ...(emergency ? [defaultEmergency] : []), Number.POSITIVE_INFINITY);
}

/** Below this trust a grant must end. */
const watchedBelow = 40;
const defaultEmergency = 4 * 3600;

function tiersOf(model: Model, rule: Grant | Deny): readonly Model["tiers"][number][] {
  const holders = holderNames(rule, model);
  const names = new Set(model.identities.filter(({ name }) => holders.has(name)).map(({ tier }) => tier));
  return model.tiers.filter(({ name }) => names.has(name));
}

/** The next scope of the same resource with which a holder can call something more where the grant reaches, or else of any. */
function anotherScope(model: Model, grant: Grant, tiers: readonly Model["tiers"][number][]): string | undefined {
  const trust = Math.max(...tiers.map((tier) => tier.trust));
  const operations = model.apis
    .filter((api) => grant.on?.includes(api.name) ?? true)
    .flatMap((api) => api.operations.filter(({ minTrust }) => minTrust <= trust));
  const opens = (name: string): boolean => {
    const scopes = closed(model, grant.scopes, name);
    return operations.some((one) => one.scopes.includes(name) && one.scopes.every((scope) => scopes.includes(scope)));
  };
  const free = model.scopes.map(({ name }) => name).filter((name) => !grant.scopes.includes(name) && opens(name));
  const resources = new Set(grant.scopes.map(resourceOf));
  return free.find((name) => resources.has(resourceOf(name))) ?? free[0];
}

function resourceOf(scope: string): string {
  return scope.slice(0, scope.lastIndexOf(":"));
}

/** One who is not among the holders and has tokens of the same issuer, so that the condition can hold: of the same tier, if there is one. */
function anotherHolder(model: Model, grant: Grant, places: Places): Identity | undefined {
  const holders = holderNames(grant, model);
  const among = model.identities.filter(({ name }) => holders.has(name));
  const [first] = among;
  const others = model.identities.filter(({ name, issuer }) => !holders.has(name) && issuer === first?.issuer);
  const written = others.filter((identity) => isWrittenDown(identity, places));
  return (
    written.find(({ tier }) => tier === first?.tier) ??
    others.find(({ tier }) => tier === first?.tier) ??
    written[0] ??
    others[0]
  );
}

/** What a predicate keeps out, by what it takes to be in: those who lack one tag, those who have one too many. */
function groupMutants(model: Model, group: Group, places: Places): readonly Mutant[] {
  const members = new Set(group.members);
  const within = model.groups
    .filter((other) => other !== group && other.members.length > members.size)
    .find((other) => group.members.every((member) => other.members.includes(member)));
  if (!within) return [];
  const inside = model.identities.filter(({ name }) => members.has(name));
  const outside = model.identities.filter(({ name }) => within.members.includes(name) && !members.has(name));
  const profiles = [...new Map(inside.map((identity) => [profileOf(identity), identity])).values()];
  const kept = new Map<string, { readonly distance: number; readonly names: string[] }>();
  for (const identity of outside) {
    const [nearest] = profiles
      .map((member) => differenceOf(identity, member))
      .sort((a, b) => a.distance - b.distance || (a.words < b.words ? -1 : 1));
    if (!nearest) continue;
    const entry = kept.get(nearest.words) ?? { distance: nearest.distance, names: [] };
    entry.names.push(identity.name);
    kept.set(nearest.words, entry);
  }
  return [...kept]
    .sort(([a, x], [b, y]) => x.distance - y.distance || (a < b ? -1 : 1))
    .slice(0, mostProfiles)
    .map(
      ([words, { names }]): Mutant => ({
        kind: "member-added",
        of: declarationOf("group", group.name, places),
        words: `it takes in those of \`${within.name}\` ${words} too`,
        make: () => ({
          ...model,
          groups: edited(model.groups, group.name, (one) => ({ ...one, members: names.reduce(withOne, one.members) })),
        }),
      }),
    );
}

/** How many ways in which identities stay out of a group are tried. */
const mostProfiles = 3;

function profileOf({ tier, tags }: Identity): string {
  return JSON.stringify([tier, tags]);
}

function differenceOf(outside: Identity, inside: Identity): { readonly distance: number; readonly words: string } {
  const more = outside.tags.filter((tag) => !inside.tags.includes(tag));
  const less = inside.tags.filter((tag) => !outside.tags.includes(tag));
  const tier = outside.tier === inside.tier ? [] : [`of \`${outside.tier}\``];
  const words = [
    ...tier,
    ...(more.length > 0 ? [`with ${listed(more)}`] : []),
    ...(less.length > 0 ? [`without ${listed(less)}`] : []),
  ];
  return { distance: more.length + less.length + tier.length, words: words.join(" and ") };
}

function listed(tags: readonly string[]): string {
  return tags.map((tag) => `\`${tag}\``).join(", ");
}
