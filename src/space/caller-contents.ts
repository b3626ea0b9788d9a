/** What decides about callers, by content, so that two of them are compared without their names. */
import { compareText, type Identity, type Issuer, type Model, type Tier } from "../model/index.ts";
import type { CallerCell } from "./caller-cells.ts";
import type { CredentialKind } from "./classes.ts";
import { Numbers, setText } from "./contents.ts";
import type { JudgedCell, JudgedOperations } from "./operations.ts";
import { holdingsOf, RuleContents, type RuleSet, type Rules, type View } from "./rules.ts";

type Name = "before" | "after";

/** What one identity is given: tier, life and rules. Its number is that of all with the same of one model. */
export interface Held {
  readonly number: number;
  readonly tier: Tier | undefined;
  readonly life: string;
  /** The numbers of its rules: as they are, and as far as they are about operations that both models judge alike. */
  readonly rules: { readonly own: number; readonly common: number };
  /** What conditions of its rules read of it. */
  readonly read: string;
}

/** Of one model, everything by identity. */
class Side {
  readonly model: Model;
  readonly #tiers: ReadonlyMap<string, Tier>;
  readonly #places = new Map<Identity, number>();
  readonly #setOf: Int32Array;
  readonly #own: readonly number[];
  readonly #common: readonly number[];
  /** By set of rules: the facts of the identity that its conditions read. */
  readonly #reads: readonly (readonly IdentityFact[])[];
  readonly #held = new Map<string, Held>();
  /** By place, once it was asked for: by token and by SVID. */
  readonly #heldBy: (Held | undefined)[];

  constructor(model: Model, rules: Rules, contents: RuleContents, own: View, common: View) {
    this.model = model;
    this.#tiers = new Map(model.tiers.map((tier) => [tier.name, tier]));
    for (const [place, identity] of model.identities.entries()) this.#places.set(identity, place);
    this.#heldBy = new Array<Held | undefined>(model.identities.length).fill(undefined);
    const { setOf, sets } = holdingsOf(model, rules);
    this.#setOf = setOf;
    this.#own = contents.of(rules, sets, own);
    this.#common = contents.of(rules, sets, common);
    this.#reads = sets.map((set) => readBy(set, rules));
  }

  held(identity: Identity): Held {
    const place = this.#places.get(identity)!;
    this.#heldBy[place] ??= this.#heldAt(place, identity);
    return this.#heldBy[place];
  }

  #heldAt(place: number, identity: Identity): Held {
    const set = this.#setOf[place]!;
    const { tier, from = 0, expires } = identity;
    const reads = this.#reads[set]!;
    const read = reads.length === 0 ? "" : JSON.stringify(reads.map((fact) => [fact, identity[fact]]));
    const key = `${set} ${from} ${expires} ${tier} ${read}`;
    let held = this.#held.get(key);
    if (!held) {
      held = {
        number: this.#held.size,
        tier: this.#tiers.get(tier),
        life: `${from} ${expires ?? ""}`,
        rules: { own: this.#own[set]!, common: this.#common[set]! },
        read,
      };
      this.#held.set(key, held);
    }
    return held;
  }
}

type IdentityFact = "name" | "owner" | "tags" | "tier";

const identityFacts = ["name", "owner", "tags", "tier"] as const;

function readBy({ grants, denies }: RuleSet, rules: Rules): readonly IdentityFact[] {
  const found = new Set<string>();
  for (const place of grants) for (const fact of rules.grants[place]!.readsOfIdentity) found.add(fact);
  for (const place of denies) for (const fact of rules.denies[place]!.readsOfIdentity) found.add(fact);
  return found.size === 0 ? [] : identityFacts.filter((fact) => found.has(`identity ${fact}`));
}

/** What a caller's two sides come to. */
export interface Compared {
  /** All that decides, of both sides. */
  readonly signature: string;
  /** Whether the sides differ in what decides about operations that both models judge alike. */
  readonly changed: boolean;
}

/** Compares callers of two models. */
export class CallerContents {
  readonly #sides: Readonly<Record<Name, Side>>;
  readonly #issuers: Readonly<Record<Name, (issuer: Issuer) => IssuerContent>>;
  readonly #numbers = new Numbers();

  constructor(before: Model, after: Model, { cells, rules }: JudgedOperations) {
    const alike = cells.filter(({ changed }) => !changed);
    const common = scopesOf(alike, "before");
    const contents = new RuleContents();
    const sideOf = (model: Model, name: Name) => {
      const own: View = { scopes: scopesOf(cells, name), on: setText };
      return new Side(model, rules[name], contents, own, { scopes: common, on: onAlike(alike, name) });
    };
    this.#sides = { before: sideOf(before, "before"), after: sideOf(after, "after") };
    const issuersOf = (model: Model, name: Name) => issuerContents(model, this.#numbers, scopesOf(cells, name), common);
    this.#issuers = { before: issuersOf(before, "before"), after: issuersOf(after, "after") };
  }

  held(side: Name, identity: Identity | undefined): Held | undefined {
    return identity && this.#sides[side].held(identity);
  }

  compare(cell: CallerCell, held: readonly [Held | undefined, Held | undefined]): Compared {
    const [before, after] = [this.#contentOf(cell, "before", held[0]), this.#contentOf(cell, "after", held[1])];
    const [old, young] = [this.#numbers.of(before.own), this.#numbers.of(after.own)];
    const where = cell.credential === "token" ? (cell.shows.url ?? "") : "";
    const known = cell.issuers?.before || cell.issuers?.after;
    return { signature: `${known ? where : ""} ${old} ${young}`, changed: before.common !== after.common };
  }

  #contentOf(
    { credential, created, issuers }: CallerCell,
    side: Name,
    held: Held | undefined,
  ): { readonly own: string; readonly common: string } {
    const issuer = issuers?.[side] && this.#issuers[side](issuers[side]);
    const claims = issuers && (issuer ? issuer.claims : "unknown issuer");
    if (!held) return { own: JSON.stringify([claims]), common: JSON.stringify([claims]) };
    const { tier, life, rules, read } = held;
    const parts = [claims, created?.[side], tier && tierContent(tier, credential), life, read];
    return {
      own: JSON.stringify([...parts, rules.own, issuer?.own]),
      common: JSON.stringify([...parts, rules.common, issuer?.common]),
    };
  }
}

/** Of a tier, what is asked of this kind of credential. */
function tierContent(tier: Tier, credential: CredentialKind): unknown {
  const { trust, revocationDelay, keyRotation = 0, tokenLifetime, audiences, revokesTokens } = tier;
  const methods = ["bearer", "dpop", "mtls"] as const;
  const { bound = 0, bearer = 0 } = tokenLifetime;
  const accepted = credential === "token" ? methods : credential === "svid" ? ["svid" as const] : ["key" as const];
  return [
    trust,
    revocationDelay,
    accepted.filter((method) => tier.authentication.includes(method)),
    ...(credential === "key" ? [keyRotation] : []),
    ...(credential === "token" ? [bound, bearer, audiences, revokesTokens] : []),
  ];
}

/** Numbers of contents. */
interface IssuerContent {
  /** All that is asked of tokens of nobody. */
  readonly claims: number;
  /** What else is of tokens of somebody: with all scopes, and with those of operations that are judged alike. */
  readonly own: number;
  readonly common: number;
}

/** Of an issuer, the schema of its claims, and for whom its tokens are and what scopes they carry. */
function issuerContents(
  model: Model,
  numbers: Numbers,
  own: ReadonlySet<string>,
  common: ReadonlySet<string>,
): (issuer: Issuer) => IssuerContent {
  const implied = new Map(model.scopes.map(({ name, implies }) => [name, [name, ...implies]]));
  const known = new Map<Issuer, IssuerContent>();
  return (issuer) => {
    let content = known.get(issuer);
    if (!content) {
      const { audience, claims, translate } = issuer;
      const carried = new Map([...translate.map(({ from, to }) => [from, to] as const), ...implied]);
      const textOf = (scopes: ReadonlySet<string>) => {
        const lists = [...carried].map(
          ([name, list]) => [name, list.filter((scope) => scopes.has(scope)).sort()] as const,
        );
        const kept = lists.filter(([, list]) => list.length > 0).sort(([a], [b]) => compareText(a, b));
        return numbers.of(JSON.stringify([audience, kept]));
      };
      const schema = claims.map(({ name, type, optional, values }) => [name, type, optional, values ?? null]);
      content = { claims: numbers.of(JSON.stringify(schema)), own: textOf(own), common: textOf(common) };
      known.set(issuer, content);
    }
    return content;
  };
}

function scopesOf(cells: readonly JudgedCell[], side: Name): ReadonlySet<string> {
  return new Set(cells.flatMap(({ cell }) => cell[side]?.operation.scopes ?? []));
}

/** On which APIs a rule is, as places among the pairs of APIs whose operations are alike: so the APIs may be renamed. */
function onAlike(alike: readonly JudgedCell[], side: Name): (names: readonly string[]) => string {
  const pairs = new Set<string>();
  const places = new Map<string, number[]>();
  for (const { cell } of alike) {
    const key = JSON.stringify([cell.before!.api.name, cell.after!.api.name]);
    if (pairs.has(key)) continue;
    const { name } = cell[side]!.api;
    const list = places.get(name);
    if (list) list.push(pairs.size);
    else places.set(name, [pairs.size]);
    pairs.add(key);
  }
  return (names) => {
    const on = [...new Set(names)].flatMap((name) => places.get(name) ?? []);
    return on.length === pairs.size ? "*" : on.sort((a, b) => a - b).join();
  };
}
