/** Careless edits of identities: of those written down one by one, and of all rows of a registry at once. */
import { type Identity, isPatternSubject, type Model, relatePatterns, type Tier } from "../model/index.ts";
import { type Declaration, declarationOf, isWrittenDown, type Places } from "./declarations.ts";
import { day, type Mutant, type MutantKind } from "./mutant.ts";
import { methodsOf } from "./points.ts";

export function identityMutants(model: Model, places: Places): readonly Mutant[] {
  const written = model.identities.filter((identity) => isWrittenDown(identity, places));
  const rows = model.identities.filter((identity) => !isWrittenDown(identity, places));
  const alike = Map.groupBy(rows, ({ tier, issuer = "" }) => JSON.stringify([tier, issuer]));
  return [
    ...written.flatMap((identity) => [
      ...mutantsOf(model, [identity], declarationOf("identity", identity.name, places)),
      ...widened(model, identity, places),
    ]),
    ...[...alike.values()].flatMap((identities) => mutantsOf(model, identities, registryOf(model, identities, places))),
  ];
}

/** The registry that the rows are from: the smallest group that has them all. */
function registryOf(model: Model, rows: readonly Identity[], places: Places): Declaration {
  const names = rows.map(({ name }) => name);
  const [smallest] = model.groups
    .filter(({ members }) => {
      const within = new Set(members);
      return names.every((name) => within.has(name));
    })
    .sort((a, b) => a.members.length - b.members.length);
  return declarationOf("group", smallest?.name ?? names[0] ?? "", places);
}

function mutantsOf(model: Model, identities: readonly Identity[], of: Declaration): readonly Mutant[] {
  const [first] = identities as [Identity];
  const names = new Set(identities.map(({ name }) => name));
  const rows = of.kind === "group" ? `rows of \`${first.tier}\`: ` : "";
  const mutant = (kind: MutantKind, words: string, edit: (identity: Identity) => Identity): Mutant => ({
    kind,
    of,
    words: rows + words,
    make: () => ({
      ...model,
      identities: model.identities.map((identity) => (names.has(identity.name) ? edit(identity) : identity)),
    }),
  });
  const tier = otherTier(model, first);
  const sunset = model.tiers.find(({ name }) => name === first.tier)?.sunset ?? Number.POSITIVE_INFINITY;
  // The checker ends every identity with its tier, whatever its own date is.
  const expire = identities.some(({ expires }) => expires !== undefined && expires < sunset);
  return [
    ...(tier ? [mutant("tier-swapped", `its tier is \`${tier.name}\``, (one) => ({ ...one, tier: tier.name }))] : []),
    ...(expire
      ? [
          mutant("expiry-later", "it expires a day later", (one) =>
            one.expires === undefined ? one : { ...one, expires: Math.min(one.expires + day, sunset) },
          ),
        ]
      : []),
    ...(identities.some(({ from }) => from !== undefined)
      ? [
          mutant("begin-earlier", "`from` is a day earlier", (one) =>
            one.from === undefined ? one : { ...one, from: one.from - day },
          ),
        ]
      : []),
  ];
}

/** The next tier with more trust that takes what the identity has, or else the next one with less. */
function otherTier(model: Model, identity: Identity): Tier | undefined {
  const methods = methodsOf(identity);
  const own = model.tiers.find(({ name }) => name === identity.tier);
  const possible = model.tiers
    .filter((tier) => tier !== own && tier.authentication.some((method) => methods.includes(method)))
    .sort((a, b) => a.trust - b.trust);
  return (
    possible.find(({ trust }) => trust > (own?.trust ?? 0)) ??
    possible.filter(({ trust }) => trust <= (own?.trust ?? 0)).at(-1)
  );
}

/** A SPIFFE subject with one segment more that may be anything, unless the checker would refuse it. */
function widened(model: Model, identity: Identity, places: Places): readonly Mutant[] {
  const { name, subject = "" } = identity;
  if (!subject.startsWith("spiffe://")) return [];
  const segments = subject.split("/");
  const last = segments.findLastIndex((segment, i) => i > 3 && segment !== "*");
  if (last < 0) return [];
  const wider = segments.with(last, "*").join("/");
  const clashes = model.identities.some(
    (other) =>
      other.name !== name &&
      other.subject !== undefined &&
      (other.subject === wider ||
        (isPatternSubject(other.subject) &&
          !["disjoint", "narrower", "wider"].includes(relatePatterns(wider, other.subject)))),
  );
  if (clashes) return [];
  return [
    {
      kind: "subject-widened",
      of: declarationOf("identity", name, places),
      words: `its subject is \`${wider}\``,
      make: () => ({
        ...model,
        identities: model.identities.map((one) => (one.name === name ? { ...one, subject: wider } : one)),
      }),
    },
  ];
}
