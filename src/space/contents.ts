/** Numbers for contents: what decides alike in two models gets one number, whatever it is called. */
import { type Condition, type Fact, factKey, lookupIn, type Model } from "../model/index.ts";

/** Gives equal texts equal numbers, from 0 on. */
export class Numbers {
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

/** Names, sorted and each once, as one text. */
export function setText(names: Iterable<string>): string {
  return JSON.stringify([...new Set(names)].sort());
}

/** A condition, whatever named conditions and issuers it is written with. */
export interface ConditionContent {
  readonly number: number;
  /** The keys of the facts that it reads. */
  readonly reads: ReadonlySet<string>;
}

interface Known extends ConditionContent {
  readonly kind: Condition["kind"];
  readonly of: readonly Known[];
}

/** The contents of all conditions of two models. */
export class ConditionContents {
  readonly #numbers = new Numbers();
  readonly #byNumber = new Map<number, Known>();
  readonly #models = new Map<Model, (condition: Condition) => Known>();

  of(model: Model, condition: Condition): ConditionContent {
    let read = this.#models.get(model);
    if (!read) {
      read = this.#reader(model);
      this.#models.set(model, read);
    }
    return read(condition);
  }

  #reader(model: Model): (condition: Condition) => Known {
    const { condition: named } = lookupIn(model);
    const urls = new Map(model.issuers.map(({ name, url }) => [name, url]));
    /** Claims are of whom a URL names: issuers may be renamed. Nobody's claims are all the same: nobody can read them. */
    const keyOf = (fact: Fact): string =>
      factKey(fact.kind === "claim" ? { ...fact, issuer: urls.get(fact.issuer) ?? "" } : fact);
    const known = new Map<string, Known>();
    const read = (condition: Condition): Known => {
      // Many rules spell the same condition.
      const text = JSON.stringify(condition);
      let content = known.get(text);
      if (!content) {
        content = this.#contentOf(condition, read, named, keyOf);
        known.set(text, content);
      }
      return content;
    };
    return read;
  }

  #contentOf(
    condition: Condition,
    read: (condition: Condition) => Known,
    named: (name: string) => Condition,
    keyOf: (fact: Fact) => string,
  ): Known {
    switch (condition.kind) {
      case "named":
        return read(named(condition.name));
      case "and":
      case "or": {
        const parts = condition.of.map(read).flatMap((part) => (part.kind === condition.kind ? part.of : [part]));
        const of = [...new Map(parts.map((part) => [part.number, part])).values()].sort((a, b) => a.number - b.number);
        return of.length === 1 ? of[0]! : this.#add(condition.kind, of);
      }
      case "not": {
        const of = read(condition.of);
        return of.kind === "not" ? of.of[0]! : this.#add("not", [of]);
      }
      case "constant":
        return this.#leaf("constant", [condition.value], []);
      case "same": {
        const facts = [keyOf(condition.left), keyOf(condition.right)].sort();
        return this.#leaf("same", facts, facts);
      }
      default: {
        const fact = keyOf(condition.fact);
        return this.#leaf(condition.kind, [fact, ...operandsOf(condition)], [fact]);
      }
    }
  }

  #leaf(kind: Condition["kind"], content: readonly unknown[], facts: readonly string[]): Known {
    return this.#known(JSON.stringify([kind, ...content]), kind, [], new Set(facts));
  }

  #add(kind: Condition["kind"], of: readonly Known[]): Known {
    const reads = new Set(of.flatMap((part) => [...part.reads]));
    return this.#known(`${kind} ${of.map((part) => part.number).join()}`, kind, of, reads);
  }

  #known(text: string, kind: Condition["kind"], of: readonly Known[], reads: ReadonlySet<string>): Known {
    const number = this.#numbers.of(text);
    let known = this.#byNumber.get(number);
    if (!known) {
      known = { number, kind, of, reads };
      this.#byNumber.set(number, known);
    }
    return known;
  }
}

type Test = Exclude<Condition, { kind: "and" | "constant" | "named" | "not" | "or" | "same" }>;

/** What a fact is held against. */
function operandsOf(condition: Test): readonly unknown[] {
  switch (condition.kind) {
    case "compare":
      return [condition.operator, condition.literal];
    case "in":
      return [condition.values];
    case "includes":
    case "starts-with":
    case "ends-with":
      return [condition.text];
    case "cidr":
      return [condition.range];
    case "present":
      return [];
  }
}
