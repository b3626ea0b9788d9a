/** Which pairs of classes must be decided alike, whatever they are called: what is compared once stands for all of them. */
import {
  type Condition,
  type Deny,
  type Fact,
  factsOf,
  type Grant,
  lookupIn,
  type Model,
  reaches,
} from "../model/index.ts";
import { type CallerClass, type CallerSide, carriedOtherwise, type OperationClass, type Side } from "../space/index.ts";
import { headersOf } from "./headers.ts";

const sides: readonly Side[] = ["before", "after"];

export class Likeness {
  readonly #cores = new Map<CallerClass, string>();
  readonly #rules = new Map<Grant | Deny, RuleContent>();
  readonly #numbers = new Map<string, number>();

  /**
   * Equal keys, equal regions. Operations that are the same for both models are told apart only by what the rules of the caller make of
   * them: their scopes are counted, not named.
   */
  keyOf(caller: CallerClass, operation: OperationClass): string {
    const { scopes = [], minTrust = 0 } = operation.before?.operation ?? {};
    if (operation.changed || scopes.some((scope) => carriedOtherwise(caller).has(scope)))
      return `${caller.signature} | ${operation.signature}`;
    if (operation.kind !== "operation") return `${this.#core(caller)} | ${operation.kind}`;
    const held = sides.map((side) => this.#heldOn(caller[side], operation, side));
    const isGranted = held.some(({ grants }) => grants.some((list) => list.length > 0));
    if (!isGranted) return `${this.#core(caller)} | ${minTrust}`;
    const reads = new Set(held.flatMap((side) => side.reads));
    const rules = held.map(({ grants, denies }) => [grants, denies]);
    const facts = reads.has("identity") ? sides.map((side) => factsOfIdentity(caller[side])) : [];
    const told = headersOf(caller, operation);
    return `${this.#core(caller)} | ${minTrust} ${JSON.stringify([rules, shapeOf(operation, reads), facts, told])}`;
  }

  /** What decides about a caller besides its rules. */
  #core(caller: CallerClass): string {
    let core = this.#cores.get(caller);
    if (core === undefined) {
      const peers = caller.peers.map(({ before, after }) => [before, after]);
      const contents = sides.map((side) => contentOf(caller[side]));
      core = String(this.#number(JSON.stringify([caller.credential, peers, contents])));
      this.#cores.set(caller, core);
    }
    return core;
  }

  /** Of one side the rules about an operation: grants by scope, in their order. */
  #heldOn({ grants, denies, model }: CallerSide, operation: OperationClass, side: Side) {
    const found = operation[side];
    const reads: Fact["kind"][] = [];
    const numbersOf = (rules: readonly (Grant | Deny)[], needed: readonly string[]): readonly number[] =>
      rules.flatMap((rule) => {
        if (!found || !rule.scopes.some((scope) => needed.includes(scope)) || !reaches(rule, found)) return [];
        const content = this.#contentOf(rule, model);
        reads.push(...content.reads);
        return [content.number];
      });
    const { scopes = [] } = found?.operation ?? {};
    return { grants: scopes.map((scope) => numbersOf(grants, [scope])), denies: numbersOf(denies, scopes), reads };
  }

  #contentOf(rule: Grant | Deny, model: Model): RuleContent {
    let content = this.#rules.get(rule);
    if (!content) {
      const { condition: named } = lookupIn(model);
      const reads = rule.when ? factsOf(rule.when, named).map(({ kind }) => kind) : [];
      const when = rule.when && spelledOut(rule.when, model);
      content = { number: this.#number(JSON.stringify([rule.from, rule.until, when])), reads };
      this.#rules.set(rule, content);
    }
    return content;
  }

  #number(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}

/** A rule as far as it decides, once it is known to be about an operation. */
interface RuleContent {
  readonly number: number;
  readonly reads: readonly Fact["kind"][];
}

/** A condition without names that may be others in the other model. */
function spelledOut(condition: Condition, model: Model): unknown {
  const { condition: named } = lookupIn(model);
  const urls = new Map(model.issuers.map(({ name, url }) => [name, url]));
  return JSON.parse(JSON.stringify(condition), (_, part) => {
    if (part?.kind === "named") return spelledOut(named(part.name), model);
    return part?.kind === "claim" ? { ...part, issuer: urls.get(part.issuer) } : part;
  });
}

function contentOf({ identity, issuer, created, model }: CallerSide): unknown {
  const tier = identity && lookupIn(model).tier(identity.tier);
  return [
    identity && [identity.from, identity.expires],
    tier && [
      tier.trust,
      tier.authentication,
      tier.tokenLifetime,
      tier.audiences,
      tier.revokesTokens,
      tier.revocationDelay,
      tier.keyRotation,
    ],
    issuer && [issuer.url, issuer.audience, issuer.claims],
    created,
  ];
}

function factsOfIdentity({ identity }: CallerSide): unknown {
  return identity && [identity.name, identity.owner, identity.tier, identity.tags];
}

/** As much of the path as conditions read. */
function shapeOf(
  { host, method, before, after, segments, apart }: OperationClass,
  reads: ReadonlySet<string>,
): unknown {
  if (!reads.has("parameter") && !reads.has("request")) return undefined;
  const templates = [before, after].map((found) =>
    found?.template.map((segment) => (segment.kind === "literal" && !reads.has("request") ? 0 : segment)),
  );
  return reads.has("request") ? [host, method, templates, segments, apart] : [templates, apart];
}
