/** Numbers for contents: what decides alike in two models gets one number, whatever it is called. */
import { canonicalJson, type JsonValue } from "../json/index.ts";
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
    const known = new Map<Condition, Known>();
    /** Claims are of whom a URL names: issuers may be renamed. Nobody's claims are all the same: nobody can read them. */
    const factOf = (fact: Fact): Fact =>
      fact.kind === "claim" ? { ...fact, issuer: urls.get(fact.issuer) ?? "" } : fact;
    const read = (condition: Condition): Known => {
      let content = known.get(condition);
      if (!content) {
        content = this.#contentOf(condition, read, named, factOf);
        known.set(condition, content);
      }
      return content;
    };
    return read;
  }

  #contentOf(
    condition: Condition,
    read: (condition: Condition) => Known,
    named: (name: string) => Condition,
    factOf: (fact: Fact) => Fact,
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
        return this.#leaf("constant", condition.value, []);
      case "same": {
        const facts = [factOf(condition.left), factOf(condition.right)];
        return this.#leaf("same", facts.map((fact) => canonicalJson({ ...fact })).sort(), facts);
      }
      default: {
        const fact = factOf(condition.fact);
        return this.#leaf(condition.kind, { ...condition, fact: { ...fact } } as unknown as JsonValue, [fact]);
      }
    }
  }

  #leaf(kind: Condition["kind"], content: JsonValue, facts: readonly Fact[]): Known {
    return this.#known(`${kind} ${canonicalJson(content)}`, kind, [], new Set(facts.map(factKey)));
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
