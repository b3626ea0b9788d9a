/** The estate's conditions in Rego: for each, whether its facts can be read, and whether it holds. */
import type { JsonValue } from "../json/index.ts";
import { type ClaimType, type Condition, compareText, factsOf, type Literal, type Model } from "../model/index.ts";
import { type Body, ConditionBody, literalText, readableBody, type Spelling } from "./condition-body.ts";
import { readings } from "./readings.ts";
import { type Table, table } from "./table.ts";
import { regoComment, regoMember } from "./text.ts";

/** Where a name was declared. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

export type Positions = ReadonlyMap<string, Place>;

export interface EmittedConditions {
  readonly text: string;
  /** Conditions that share the rules of their form, by name: the form and their literals. */
  readonly forms: Table;
  /** The headers that any condition reads, sorted. */
  readonly headers: readonly string[];
}

/**
 * So many conditions of grants and denies have rules of their own. OPA compiles every rule anew whenever any bundle arrives, so
 * in an estate with more of them those of one form share one rule, and their literals stand in the data.
 */
const maximumOwn = 256;

/** Under which name a grant's or deny's condition stands: its own, unless it is just a named one. */
export function conditionName(rule: string, when: Condition): string {
  return when.kind === "named" ? when.name : rule;
}

interface Named {
  readonly name: string;
  readonly when: Condition;
}

/** The conditions of grants and denies, and the named ones that they use. */
export function emitConditions(model: Model, positions: Positions, maximum = maximumOwn): EmittedConditions {
  const rules = [...model.grants, ...model.denies].flatMap(({ name, when }): readonly Named[] =>
    when && when.kind !== "named" ? [{ name, when }] : [],
  );
  const [own, shared] = rules.length <= maximum ? [[...model.conditions, ...rules], []] : [model.conditions, rules];
  const emitter = new ConditionEmitter(model, positions);
  const text = [
    ...readings(own.length > 0, shared.length > 0),
    ...own.map((c) => emitter.own(c)),
    ...emitter.shared(shared),
  ];
  return { text: text.join("\n"), forms: emitter.forms, headers: [...emitter.headers].sort(compareText) };
}

class ConditionEmitter {
  readonly forms = table();
  readonly headers = new Set<string>();
  readonly #positions: Positions;
  readonly #named: (name: string) => Condition;
  readonly #spelling: Pick<Spelling, "named" | "typeOfClaim">;

  constructor(model: Model, positions: Positions) {
    this.#positions = positions;
    const named = new Map(model.conditions.map((c) => [c.name, c.when]));
    this.#named = (name) => named.get(name) ?? { kind: "constant", value: false };
    const types = new Map<string, ClaimType>();
    for (const { name: issuer, claims } of model.issuers)
      for (const { name, type } of claims) types.set(`${issuer} ${name}`, type);
    this.#spelling = {
      named: (name) => (named.has(name) ? regoMember("holds", name) : undefined),
      typeOfClaim: (issuer, name) => types.get(`${issuer} ${name}`),
    };
  }

  /** A condition with its literals written out. */
  own({ name, when }: Named): string {
    const { body, parts } = new ConditionBody(when, {
      ...this.#spelling,
      literal: literalText,
      part: (label) => `${regoMember("part", name)}.${label}`,
    });
    const rules = [
      rule(regoMember("readable", name), this.#readable(when)),
      ...parts.flatMap(({ head, bodies }) => bodies.map((b) => rule(head, b))),
      rule(regoMember("holds", name), body),
    ];
    return `${this.#comment(name)}\n${rules.join("\n")}`;
  }

  /** Conditions that differ only in their literals, once for all of them. */
  shared(conditions: readonly Named[]): readonly string[] {
    const members = new Map<string, { readonly form: string; readonly names: string[] }>();
    for (const { name, when } of conditions) {
      const { text, literals } = this.#formOf(when);
      let member = members.get(text);
      if (!member) {
        member = { form: `form_${members.size + 1}`, names: [] };
        members.set(text, member);
      }
      member.names.push(name);
      this.forms[name] = { form: member.form, literals };
    }
    return [...members].map(([text, { form, names }]) => {
      const shown = names.slice(0, shownNames).map((name) => this.#comment(name));
      if (names.length > shownNames) shown.push(regoComment(`and ${names.length - shownNames} more of this form`));
      return `${shown.join("\n")}\n${text.replaceAll(anyForm, form)}`;
    });
  }

  #formOf(when: Condition): { readonly text: string; readonly literals: JsonValue[] } {
    const literals: JsonValue[] = [];
    const { body, parts } = new ConditionBody(when, {
      ...this.#spelling,
      literal: (value: Literal | readonly Literal[]) =>
        `data.writ.forms[name].literals[${literals.push(value as JsonValue) - 1}]`,
      part: (label) => `part_form.${anyForm}.${label}[name]`,
    });
    // The name is bound by whoever asks: nothing is enumerated.
    const bound = (expressions: Body): Body => ["_ = data.writ.forms[name]", ...expressions];
    const rules = [
      rule(`readable_form.${anyForm}`, this.#readable(when)),
      ...parts.flatMap(({ head, bodies }) => bodies.map((b) => rule(head, bound(b)))),
      rule(`holds_form.${anyForm}[name]`, bound(body)),
    ];
    return { text: rules.join("\n"), literals };
  }

  #readable(when: Condition): Body {
    const facts = factsOf(when, this.#named);
    for (const fact of facts) if (fact.kind === "header") this.headers.add(fact.name);
    return readableBody(facts);
  }

  #comment(name: string): string {
    const place = this.#positions.get(name);
    return regoComment(place ? `${name}: ${place.path}:${place.line}` : name);
  }
}

/** Stands for the form's name until it has one; emitted text is ASCII, so it is nothing else. */
const anyForm = "\u{a7}";
const shownNames = 3;

function rule(head: string, body: Body): string {
  const lines = [...new Set(body)];
  if (lines.length === 0) return `${head} := true\n`;
  if (lines.length === 1) return `${head} if ${lines[0]}\n`;
  return `${head} if {\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
}
