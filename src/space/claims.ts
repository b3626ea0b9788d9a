/** A claim of the tokens of one issuer: any JSON value, or none. */
import { type Claim, fitsClaim, isTexts, own } from "../model/index.ts";
import { type Atom, always, and, ask, type Dimension, type Draft, type Formula, not, or } from "./formula.ts";
import { type AskedAtom, Atoms, isAnyOf, isNoneOf, type Listed, numberWords, spelledOut } from "./phrases.ts";
import {
  Asked,
  type NumberTest,
  numberKey,
  numberPasses,
  oneOf,
  type Place,
  type Term,
  type Value,
  type ValueKind,
} from "./terms.ts";
import { passes, type TextTest, textKey, textsFor } from "./texts.ts";

const kindNames = { string: "text", integer: "number", boolean: "boolean" } as const;

export class ClaimTerm implements Term {
  readonly key: string;
  readonly title: string;
  readonly order = 200;
  readonly kinds: readonly ValueKind[];
  readonly asked = new Asked();
  readonly known = always;
  readonly #name: string;
  readonly #atoms: Atoms<unknown>;
  readonly #included = new Map<string, Dimension<boolean>>();

  /** @param declared by one side or by both */
  constructor(url: string, name: string, declared: readonly Claim[]) {
    this.#name = name;
    this.key = `claim ${url} ${name}`;
    this.title = `claims.${name}`;
    this.kinds = [...new Set(declared.flatMap(({ type }) => (type === "strings" ? [] : kindNames[type])))].sort();
    const dimension: Dimension<unknown> = {
      key: this.key,
      rank: 2,
      read: ({ input }) => own(input.token ?? {}, name),
      write: (value, draft) => setClaim(draft, name, value),
      pool: (atoms) => this.#pool(atoms),
      words: (cells, others) => this.#atoms.words(this.title, cells, others, listedOf),
    };
    this.#atoms = new Atoms(() => dimension);
  }

  /** Row 1: it is as one side declares it. */
  fits(claim: Claim): Formula {
    const { type, optional } = claim;
    const values = type === "string" && claim.values ? oneOf(claim.values) : undefined;
    // In which texts may it be, so that a text that is copied here is one of them.
    if (values) this.asked.text(values);
    return this.#atoms.ask(`fits ${type} ${optional} ${values ? textKey(values) : ""}`, {
      ...(values && { text: values }),
      // As `fitsClaim`, which would look through the whole list for each text.
      holds: (value) => (values && typeof value === "string" ? passes(values, value) : fitsClaim(claim, value)),
      says: (answer) => {
        const words = values ? spelledOut(values.texts) : [typeWords[type]];
        const all = optional ? ["absent", ...words] : words;
        return answer ? isAnyOf(all) : isNoneOf(all);
      },
    });
  }

  get present(): Formula {
    return this.#atoms.ask("present", {
      holds: (value) => value !== undefined,
      says: (answer) => (answer ? "is there" : "is absent"),
    });
  }

  is(kind: ValueKind): Formula {
    return this.#atoms.ask(`is ${kind}`, {
      holds: (value) => kindOf(value) === kind,
      says: (answer) => `is ${answer ? "" : "not "}${kindWords[kind]}`,
    });
  }

  text(test: TextTest): Formula {
    return this.#atoms.askText(this.asked.text(test), (value) => (typeof value === "string" ? value : undefined));
  }

  number(test: NumberTest): Formula {
    this.asked.number(test);
    return this.#atoms.ask(`number ${numberKey(test)}`, {
      number: test,
      holds: (value) => Number.isSafeInteger(value) && numberPasses(test, value as number),
      says: (answer, allNumbers) => numberWords(test, answer, allNumbers),
    });
  }

  truth(wanted: boolean): Formula {
    return this.#atoms.ask(`is ${wanted}`, {
      holds: (value) => value === wanted,
      says: (answer) => `is ${answer ? "" : "not "}${wanted}`,
    });
  }

  /** A dimension of its own, so that many texts do not make a cell for each set of them. */
  includes(text: string): Formula {
    const dimension = this.#included.get(text) ?? this.#inclusion(text);
    this.#included.set(text, dimension);
    return ask({ dimension, key: "includes", holds: (included: boolean) => included });
  }

  /** Only lists include anything. */
  get possible(): Formula {
    if (this.#included.size === 0) return always;
    const isList = this.#atoms.ask("list", {
      holds: isTexts,
      says: (answer) => `is ${answer ? "" : "not "}a list of texts`,
    });
    const none = [...this.#included.keys()].map((text) => not(this.includes(text)));
    return or(isList, and(...none));
  }

  read({ token = {} }: Place): Value | undefined {
    const value = own(token, this.#name);
    const kind = kindOf(value);
    return kind && this.kinds.includes(kind) ? (value as Value) : undefined;
  }

  write(value: Value, draft: Draft): void {
    setClaim(draft, this.#name, value);
  }

  #inclusion(text: string): Dimension<boolean> {
    const name = this.#name;
    const listIn = (token: Readonly<Record<string, unknown>> | undefined) => {
      const value = own(token ?? {}, name);
      return isTexts(value) ? value : undefined;
    };
    return {
      key: `${this.key} includes ${JSON.stringify(text)}`,
      rank: 2,
      read: ({ input }) => listIn(input.token)?.includes(text) ?? false,
      write: (included, draft) => {
        const list = listIn(draft.token);
        if (included && list) setClaim(draft, name, [...list, text]);
      },
      pool: () => [false, true],
      words: (cells) =>
        `${this.title} ${cells.some((cell) => cell.values[0]) ? "includes" : "does not include"} ${JSON.stringify(text)}`,
    };
  }

  #pool(atoms: readonly Atom[]): readonly unknown[] {
    const asked = atoms as readonly AskedAtom<unknown>[];
    const filler = `${this.#name}-in-token`;
    const texts = textsFor(
      asked.flatMap(({ text }) => text ?? []),
      { kind: "any", filler: filler.isWellFormed() ? filler : "in-token", avoided: this.asked.avoided },
    );
    return [
      undefined,
      ...texts,
      ...numbersFor(asked.flatMap(({ number }) => number ?? [])),
      true,
      false,
      [],
      null,
      0.5,
      {},
    ];
  }
}

const typeWords = {
  boolean: "true or false",
  integer: "a whole number",
  string: "a text",
  strings: "a list of texts",
} as const;
const kindWords = { boolean: "true or false", number: "a whole number", text: "a text" } as const;

function kindOf(value: unknown): ValueKind | undefined {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "boolean";
  return Number.isSafeInteger(value) ? "number" : undefined;
}

function listedOf(value: unknown): Listed {
  if (value === undefined) return "absent";
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? { is: value }
    : undefined;
}

/** Numbers around all that is asked, the plainest first. */
function numbersFor(tests: readonly NumberTest[]): readonly number[] {
  const turns = tests.flatMap((test) => (test.kind === "in" ? test.numbers : [test.number]));
  const numbers = [0, ...turns.flatMap((turn) => [turn - 1, turn, turn + 1])].filter(Number.isSafeInteger);
  return [...new Set(numbers)].sort((a, b) => Math.abs(a) - Math.abs(b) || b - a);
}

/** As a member of its own, whatever it is called. */
function setClaim(draft: Draft, name: string, value: unknown): void {
  const token = { ...draft.token };
  if (value === undefined) delete token[name];
  else Object.defineProperty(token, name, { value, enumerable: true, configurable: true, writable: true });
  draft.token = token;
}
