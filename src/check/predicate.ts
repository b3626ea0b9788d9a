/** Turns the arrow by which a group chooses into a test of identities, run when the estate is compiled. */
import { assert, type Diagnostic, report } from "../diagnostics/index.ts";
import type { Identity } from "../model/index.ts";
import type { Expression } from "../syntax/index.ts";
import type { ConditionScope } from "./condition.ts";
import { formulaOf } from "./condition-formula.ts";
import type { Formula, FoundFact, Step } from "./condition-language.ts";
import { optional, type Type, types } from "./condition-type.ts";
import { nearest } from "./nearest.ts";

export type Member = Pick<Identity, "name" | "subject" | "owner" | "tags" | "tier" | "issuer">;

/** A test of one identity. */
export interface Predicate {
  (member: Member): boolean;
  /** Whoever is chosen has this tag: then nobody else need be asked. */
  readonly tag?: string;
}

type Attribute = keyof Member;

const attributes: ReadonlyMap<string, { readonly fact: Attribute; readonly type: Type }> = new Map([
  ["name", { fact: "name", type: types.text }],
  ["subject", { fact: "subject", type: optional(types.text) }],
  ["owner", { fact: "owner", type: types.text }],
  ["tags", { fact: "tags", type: types.texts }],
  ["tier", { fact: "tier", type: types.tier }],
  ["issuer", { fact: "issuer", type: optional(types.issuer) }],
]);

/** The test that an arrow stands for; `undefined` once something is reported. */
export function checkPredicate(
  expression: Expression,
  scope: Pick<ConditionScope, "resolve" | "report">,
): Predicate | undefined {
  if (expression.kind === "hole") return undefined;
  if (expression.kind !== "arrow") {
    scope.report(report("WRIT2240", expression.span, {}));
    return undefined;
  }
  if (expression.parameter.kind === "hole" || expression.body.kind === "hole") return undefined;
  let failed = false;
  const say = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === "error") failed = true;
    scope.report(diagnostic);
  };
  const formula = formulaOf<Attribute>(
    {
      parameter: expression.parameter.name,
      lists: new Map(),
      fact: (steps, path) => attribute(steps, path, say),
      resolve: (name) => {
        const meaning = scope.resolve(name);
        if (!meaning) failed = true;
        return meaning;
      },
      report: say,
    },
    expression,
  );
  if (failed) return undefined;
  const tag = neededTag(formula);
  return Object.assign(compilePredicate(formula), tag !== undefined && { tag });
}

function neededTag(formula: Formula<Attribute>): string | undefined {
  const parts = formula.kind === "and" ? formula.of : [formula];
  return parts.flatMap((part) => (part.kind === "includes" ? [part.text] : []))[0];
}

function attribute(
  [step, beyond]: readonly Step[],
  path: Expression,
  say: (diagnostic: Diagnostic) => void,
): FoundFact<Attribute> | undefined {
  const listed = [...attributes.keys()].map((name) => `\`${name}\``).join(", ");
  const found = attributes.get(step?.name ?? "");
  if (!step) say(report("WRIT2205", path.span, {}, { help: `name what you mean of it: ${listed}` }));
  else if (!found) {
    const near = nearest(step.name, attributes.keys());
    const help = near === undefined ? `there is ${listed}` : `did you mean \`${near}\`?`;
    say(report("WRIT2241", step.expression.span, { name: step.name }, { help }));
  } else if (beyond) say(report("WRIT2217", beyond.expression.span, { name: beyond.name }));
  else return { fact: found.fact, key: found.fact, type: found.type };
  return undefined;
}

/** Closures once, not a walk per identity: registries are long. */
function compilePredicate(formula: Formula<Attribute>): (member: Member) => boolean {
  switch (formula.kind) {
    case "and": {
      const all = formula.of.map(compilePredicate);
      return (member) => all.every((test) => test(member));
    }
    case "or": {
      const any = formula.of.map(compilePredicate);
      return (member) => any.some((test) => test(member));
    }
    case "not": {
      const inner = compilePredicate(formula.of);
      return (member) => !inner(member);
    }
    case "compare": {
      const { fact, literal } = formula;
      return (member) => member[fact] === literal;
    }
    case "same": {
      const { left, right } = formula;
      return (member) => member[left] !== undefined && member[left] === member[right];
    }
    case "in": {
      const values = new Set<unknown>(formula.values);
      const { fact } = formula;
      return (member) => values.has(member[fact]);
    }
    case "includes": {
      const { text } = formula;
      return (member) => member.tags.includes(text);
    }
    case "starts-with":
    case "ends-with": {
      const { fact, text, kind } = formula;
      return (member) => {
        const value = member[fact];
        return typeof value === "string" && (kind === "starts-with" ? value.startsWith(text) : value.endsWith(text));
      };
    }
    case "present": {
      const { fact } = formula;
      return (member) => member[fact] !== undefined;
    }
    case "constant":
      return () => formula.value; // it stands for a hole
    default:
      // An identity has no address, and no named condition takes one.
      assert(false, `a predicate with \`${formula.kind}\``);
  }
}
