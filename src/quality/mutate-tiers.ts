/** Careless edits of tiers and issuers: whatever proves a caller is asked for less. */
import type { Issuer, Method, Model, Tier } from "../model/index.ts";
import { declarationOf, type Places } from "./declarations.ts";
import { edited, type Mutant, type MutantKind, withOne } from "./mutant.ts";
import { methodsOf } from "./points.ts";

export function tierMutants(model: Model, places: Places): readonly Mutant[] {
  return [
    ...model.tiers.flatMap((tier) => mutantsOf(model, tier, places)),
    ...model.issuers.flatMap((issuer) => issuerMutants(model, issuer, places)),
  ];
}

function mutantsOf(model: Model, tier: Tier, places: Places): readonly Mutant[] {
  const of = declarationOf("tier", tier.name, places);
  const mutant = (kind: MutantKind, words: string, edit: Partial<Tier>): Mutant => ({
    kind,
    of,
    words,
    make: () => ({ ...model, tiers: edited(model.tiers, tier.name, (one) => ({ ...one, ...edit })) }),
  });
  const possible = new Set(model.identities.filter((one) => one.tier === tier.name).flatMap(methodsOf));
  const { bound, bearer } = tier.tokenLifetime;
  const higher = stepsOf(model).find((trust) => trust > tier.trust);
  const lifetime = (edit: Tier["tokenLifetime"]): Partial<Tier> => ({
    tokenLifetime: { ...tier.tokenLifetime, ...edit },
  });
  return [
    ...(higher === undefined ? [] : [mutant("tier-raised", `its trust is ${higher}`, { trust: higher })]),
    ...(["bearer", "dpop", "key", "mtls", "svid"] as const)
      .filter((method) => possible.has(method) && !tier.authentication.includes(method))
      .map((method) => mutant("method-added", `it accepts \`${method}\` too`, accepting(tier, method))),
    ...(bound === undefined
      ? []
      : [mutant("lifetime-longer", "bound tokens may live twice as long", lifetime({ bound: 2 * bound }))]),
    ...(bearer === undefined
      ? []
      : [mutant("lifetime-longer", "bearer tokens may live twice as long", lifetime({ bearer: 2 * bearer }))]),
    mutant("delay-longer", "its `revocationDelay` is twice as long", { revocationDelay: 2 * tier.revocationDelay }),
    ...(tier.keyRotation === undefined
      ? []
      : [mutant("rotation-longer", "its `keyRotation` is twice as long", { keyRotation: 2 * tier.keyRotation })]),
    ...(possible.has("bearer")
      ? [mutant("audiences-more", "tokens may name one audience more", { audiences: tier.audiences + 1 })]
      : []),
    ...(tier.revokesTokens && possible.has("bearer")
      ? [mutant("revocation-dropped", "`revokesTokens` is off", { revokesTokens: false })]
      : []),
  ];
}

function accepting(tier: Tier, method: Method): Partial<Tier> {
  const { bound, bearer } = tier.tokenLifetime;
  const half = bound ?? bearer ?? 300;
  return {
    authentication: withOne(tier.authentication, method) as readonly Method[],
    // Whoever accepts a method also says for how long.
    ...(method === "bearer" && bearer === undefined && { tokenLifetime: { ...tier.tokenLifetime, bearer: half } }),
    ...((method === "dpop" || method === "mtls") &&
      bound === undefined && { tokenLifetime: { ...tier.tokenLifetime, bound: half } }),
    ...(method === "key" && tier.keyRotation === undefined && { keyRotation: 90 * 86_400 }),
  };
}

/** Every trust that a tier has or an operation demands, the lowest first. */
export function stepsOf(model: Model): readonly number[] {
  const demanded = model.apis.flatMap((api) => api.operations.map(({ minTrust }) => minTrust));
  return [...new Set([...model.tiers.map(({ trust }) => trust), ...demanded])].sort((a, b) => a - b);
}

function issuerMutants(model: Model, issuer: Issuer, places: Places): readonly Mutant[] {
  const of = declarationOf("issuer", issuer.name, places);
  const mutant = (kind: MutantKind, words: string, edit: Partial<Issuer>): Mutant => ({
    kind,
    of,
    words,
    make: () => ({ ...model, issuers: edited(model.issuers, issuer.name, (one) => ({ ...one, ...edit })) }),
  });
  return [
    ...issuer.claims.flatMap((claim, i) => [
      ...(claim.optional
        ? []
        : [
            mutant("claim-optional", `the claim \`${claim.name}\` is optional`, {
              claims: issuer.claims.with(i, { ...claim, optional: true }),
            }),
          ]),
      ...(claim.values
        ? [
            mutant("claim-open", `the claim \`${claim.name}\` may hold any text`, {
              claims: issuer.claims.with(i, { name: claim.name, type: claim.type, optional: claim.optional }),
            }),
          ]
        : []),
    ]),
    ...issuer.translate.flatMap(({ from, to }, i) => {
      const resources = new Set(to.map((scope) => scope.slice(0, scope.lastIndexOf(":"))));
      const free = model.scopes.map(({ name }) => name).filter((name) => !to.includes(name));
      const one = free.find((name) => resources.has(name.slice(0, name.lastIndexOf(":")))) ?? free[0];
      return one === undefined
        ? []
        : [
            mutant("translation-widened", `\`${from}\` is translated to \`${one}\` too`, {
              translate: issuer.translate.with(i, { from, to: withOne(to, one) }),
            }),
          ];
    }),
  ];
}
