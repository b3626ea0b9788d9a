/** What conditions and the schemas of claims ask of the requests of one class, as formulas. */
import { assert } from "../diagnostics/index.ts";
import { type Condition, type Fact, factKey, factsOf, lookupIn } from "../model/index.ts";
import { ClaimTerm } from "./claims.ts";
import type { CallerClass, OperationClass } from "./classes.ts";
import { testOfConstant } from "./constants.ts";
import { always, and, type Formula, never, not, or } from "./formula.ts";
import { Path } from "./path.ts";
import { Sameness } from "./sameness.ts";
import { AddressTerm, HeaderTerm } from "./surroundings.ts";
import { isOneOf, type Term, testOf } from "./terms.ts";
import { TimeTerm } from "./time-terms.ts";

type Side = "after" | "before";

/** What one side reads of a fact. A constant is the same for the whole class. */
type Reading =
  | { readonly kind: "unknown" }
  | { readonly kind: "constant"; readonly value: string | readonly string[] }
  | { readonly kind: "term"; readonly term: Term };

export interface Asked {
  /** Every fact can be read. */
  readonly known: Formula;
  /** It is known, and true. */
  readonly holds: Formula;
}

export class Facts {
  readonly #caller: CallerClass;
  readonly #operation: OperationClass;
  readonly #path: Path;
  readonly #claims = new Map<string, ClaimTerm>();
  readonly #headers = new Map<string, HeaderTerm>();
  readonly #address = new AddressTerm();
  readonly #times = { age: new TimeTerm("age"), lifetime: new TimeTerm("lifetime") };
  readonly #sameness = new Sameness();
  readonly #readings = new Map<string, Reading>();
  readonly #conditions = { before: new Map<Condition, Asked>(), after: new Map<Condition, Asked>() };

  constructor(caller: CallerClass, operation: OperationClass) {
    this.#caller = caller;
    this.#operation = operation;
    this.#path = new Path(operation);
  }

  /** Row 1: the claims of the token are as the issuer of this side declares them. */
  claimsFit(side: Side): Formula {
    const { issuer } = this.#caller[side];
    return issuer ? and(...issuer.claims.map((claim) => this.#claim(claim.name).fits(claim))) : never;
  }

  /** A condition as one side reads it. */
  condition(side: Side, when: Condition): Asked {
    const done = this.#conditions[side].get(when);
    if (done) return done;
    const named = lookupIn(this.#caller[side].model).condition;
    const known = and(
      ...factsOf(when, named).map((fact) => {
        const reading = this.#read(side, fact);
        return reading.kind === "unknown" ? never : reading.kind === "constant" ? always : reading.term.known;
      }),
    );
    // What cannot be read asks nothing more.
    const asked = { known, holds: known === never ? never : and(known, this.#holds(side, when, named)) };
    this.#conditions[side].set(when, asked);
    return asked;
  }

  /** The path is none of those that `apart` cuts out. */
  inClass(): Formula {
    return this.#path.inClass;
  }

  /** To be asked after all else: what holds of every request, although it is about several dimensions. */
  possible(): Formula {
    // What cuts the path asks of segments too, and what they are the same as has to answer that.
    this.inClass();
    return and(this.#sameness.possible, ...[...this.#claims.values()].map((claim) => claim.possible));
  }

  #holds(side: Side, when: Condition, named: (name: string) => Condition): Formula {
    switch (when.kind) {
      case "constant":
        return when.value ? always : never;
      case "named":
        return this.#holds(side, named(when.name), named);
      case "and":
        return and(...when.of.map((part) => this.#holds(side, part, named)));
      case "or":
        return or(...when.of.map((part) => this.#holds(side, part, named)));
      case "not":
        return not(this.#holds(side, when.of, named));
      case "same":
        assert(!isAddress(when.left) && !isAddress(when.right), unsayable);
        return this.#same(this.#read(side, when.left), this.#read(side, when.right));
      case "present": {
        assert(!isAddress(when.fact), unsayable);
        const reading = this.#read(side, when.fact);
        return reading.kind === "unknown" ? never : reading.kind === "constant" ? always : reading.term.present;
      }
      default: {
        assert(isAddress(when.fact) === (when.kind === "cidr"), unsayable);
        const reading = this.#read(side, when.fact);
        if (reading.kind === "unknown") return never;
        return reading.kind === "constant" ? testOfConstant(when, reading.value) : testOf(when, reading.term);
      }
    }
  }

  #same(left: Reading, right: Reading): Formula {
    if (left.kind === "unknown" || right.kind === "unknown") return never;
    if (left.kind === "term" && right.kind === "term") return this.#sameness.of(left.term, right.term);
    if (left.kind === "term") return this.#same(right, left);
    // Lists are never the same.
    if (typeof left.value === "object") return never;
    if (right.kind === "term") return isOneOf([left.value], right.term);
    return left.value === right.value ? always : never;
  }

  #read(side: Side, fact: Fact): Reading {
    const key = `${side} ${factKey(fact)}`;
    const reading = this.#readings.get(key) ?? this.#readNew(side, fact);
    this.#readings.set(key, reading);
    return reading;
  }

  #readNew(side: Side, fact: Fact): Reading {
    const { issuer, identity } = this.#caller[side];
    const isToken = this.#caller.credential === "token";
    switch (fact.kind) {
      case "claim":
        return isToken && issuer?.name === fact.issuer ? termOf(this.#claim(fact.name)) : unknown;
      case "parameter":
        return readingOf(this.#path.parameter(side, fact.name));
      case "request":
        if (fact.name === "ip") return termOf(this.#address);
        return fact.name === "path" ? termOrConstant(this.#path.whole) : constantOf(this.#operation[fact.name]);
      case "header": {
        const header = this.#headers.get(fact.name) ?? new HeaderTerm(fact.name);
        this.#headers.set(fact.name, header);
        return termOf(header);
      }
      case "token":
        return isToken ? termOf(this.#times[fact.name]) : unknown;
      case "identity":
        return identity ? constantOf(identity[fact.name]) : unknown;
    }
  }

  #claim(name: string): ClaimTerm {
    const { before, after } = this.#caller;
    const declared = [before, after].flatMap(
      ({ issuer }) => issuer?.claims.filter((claim) => claim.name === name) ?? [],
    );
    const known = this.#claims.get(name) ?? new ClaimTerm((after.issuer ?? before.issuer)?.url ?? "", name, declared);
    this.#claims.set(name, known);
    return known;
  }
}

/** INVARIANT: the checker lets no other question be asked. Texts are not tried for all spellings of all addresses, so it would have no exact answer. */
const unsayable = "of an address, and of nothing else, it is asked in which range it is";

function isAddress(fact: Fact): boolean {
  return fact.kind === "request" && fact.name === "ip";
}

const unknown: Reading = { kind: "unknown" };

function termOf(term: Term): Reading {
  return { kind: "term", term };
}

function constantOf(value: string | readonly string[]): Reading {
  return { kind: "constant", value };
}

function termOrConstant(value: Term | string): Reading {
  return typeof value === "string" ? constantOf(value) : termOf(value);
}

/** Row 8: a parameter with an escape in it is not read; which one has none is seen where its text varies. */
function readingOf(parameter: Term | string | undefined): Reading {
  if (parameter === undefined || (typeof parameter === "string" && parameter.includes("%"))) return unknown;
  return termOrConstant(parameter);
}
