/** How old a token is, and how long it lives, as facts of conditions. */
import { always, type Draft, type Formula, never, or } from "./formula.ts";
import { Asked, type NumberTest, type Place, type Term, type Value } from "./terms.ts";
import { ageAtLeast, ageIs, lifetimeAtLeast, lifetimeIs } from "./times.ts";

/** No tier lets a token live so many seconds, so none comes as far as a condition (row 4). */
const longest = 1_000_000_000_000;

export class TimeTerm implements Term {
  readonly key: string;
  readonly title: string;
  readonly order: number;
  readonly kinds = ["number"] as const;
  readonly known = always;
  readonly present = always;
  readonly asked = new Asked();
  readonly #name: "age" | "lifetime";

  constructor(name: "age" | "lifetime") {
    this.#name = name;
    this.key = `token ${name}`;
    this.title = `token.${name}`;
    this.order = name === "age" ? 2 : 3;
  }

  is(kind: string): Formula {
    return kind === "number" ? always : never;
  }

  text(): Formula {
    return never;
  }

  number(test: NumberTest): Formula {
    this.asked.number(test);
    const [is, isAtLeast] = this.#name === "age" ? [ageIs, ageAtLeast] : [lifetimeIs, lifetimeAtLeast];
    if (test.kind === "at-least") return test.number > longest ? never : isAtLeast(test.number);
    return or(...test.numbers.filter((number) => number <= longest).map(is));
  }

  truth(): Formula {
    return never;
  }

  includes(): Formula {
    return never;
  }

  read({ time, token = {} }: Place): Value | undefined {
    const [issued, expires] = [Number(token.iat), Number(token.exp)];
    return this.#name === "age" ? time - issued : expires - issued;
  }

  write(_: Value, __: Draft): void {
    // INVARIANT: the times of the token are written, and claims are made equal to them.
  }
}
