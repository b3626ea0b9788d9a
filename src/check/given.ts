/** What an expression gives where a word takes a value: a literal, a list, an object, a function, or a thing of the estate. */
import { report, type Span } from "../diagnostics/index.ts";
import type { ArrayLiteral, Arrow, Expression, ObjectLiteral } from "../syntax/index.ts";
import type { Estate } from "./estate.ts";
import { nearest } from "./nearest.ts";
import { kindNames, type Thing } from "./word.ts";

/** A value as it is handed on: `widened` where TypeScript takes a text inside a constant for any text. */
export interface Given {
  readonly expression: Expression;
  readonly widened: boolean;
}

export type Seen =
  | { readonly kind: "text"; readonly span: Span; readonly text: string; readonly widened: boolean }
  | { readonly kind: "number"; readonly span: Span; readonly number: number }
  | { readonly kind: "boolean"; readonly span: Span; readonly boolean: boolean }
  | { readonly kind: "undefined"; readonly span: Span }
  | { readonly kind: "list"; readonly span: Span; readonly list: ArrayLiteral; readonly widened: boolean }
  | { readonly kind: "object"; readonly span: Span; readonly object: ObjectLiteral; readonly widened: boolean }
  | { readonly kind: "function"; readonly span: Span; readonly arrow: Arrow }
  | { readonly kind: "thing"; readonly span: Span; readonly thing: Thing };

/** How many constants may stand for one another. */
const longestChain = 32;

/** `undefined` once it is reported, here or where the hole is. */
export function look(estate: Estate, { expression, widened }: Given, depth = 0): Seen | undefined {
  const { span } = expression;
  if (depth > longestChain) return estate.report(report("WRIT2140", span, { what: "constants", limit: longestChain }));
  switch (expression.kind) {
    case "hole":
      return undefined;
    case "string":
      return { kind: "text", span, text: expression.value, widened };
    case "number":
      return { kind: "number", span, number: expression.value };
    case "boolean":
      return { kind: "boolean", span, boolean: expression.value };
    case "undefined":
      return { kind: "undefined", span };
    case "array":
      return { kind: "list", span, list: expression, widened };
    case "object":
      return { kind: "object", span, object: expression, widened };
    case "arrow":
      return { kind: "function", span, arrow: expression };
    case "identifier": {
      const target = estate.resolve(expression);
      if (!target) return undefined;
      if (target.kind === "word") return estate.report(report("WRIT2015", span, { name: expression.name }));
      if (target.word !== undefined) {
        const thing = estate.thing(target);
        return thing && { kind: "thing", span, thing };
      }
      const { value, span: declared } = target.declaration;
      if (value.kind === "call") return undefined; // reported where it is declared
      if (declared.start <= span.start && span.end <= declared.end && target.path === span.path) return undefined; // in itself, too
      const nested = value.kind === "array" || value.kind === "object";
      const seen = look(estate, { expression: value, widened: widened || nested }, depth + 1);
      return seen && (nested ? seen : { ...seen, span });
    }
    case "member":
    case "index":
      return lookInside(estate, expression, depth);
    case "call": {
      const { callee } = expression;
      const target = callee.kind === "identifier" ? estate.resolve(callee) : undefined;
      if (target?.kind === "word") return estate.report(report("WRIT2018", span, { word: target.word }));
      if (target || callee.kind !== "identifier") estate.report(report("WRIT2014", callee.span, { what: "this" }));
      return undefined;
    }
    case "not":
    case "binary":
      return estate.report(report("WRIT2022", span, {}));
  }
}

function lookInside(
  estate: Estate,
  expression: Expression & { kind: "member" | "index" },
  depth: number,
): Seen | undefined {
  const key = expression.kind === "member" ? expression.name : expression.key;
  if (key.kind === "hole") return undefined;
  const name =
    expression.kind === "member" && key.kind === "identifier"
      ? key.name
      : key.kind === "string"
        ? key.value
        : undefined;
  const object = look(estate, { expression: expression.object, widened: false }, depth + 1);
  if (!object) return undefined;
  const unknown = (what: string, candidates: Iterable<string>): undefined => {
    const help = estate.suggester.help(name ?? "", candidates);
    return estate.report(report("WRIT2023", key.span, { name: name ?? "this", what }, help));
  };
  if (name === undefined) return unknown(describe(object), []);
  if (object.kind === "thing") {
    const { thing } = object;
    if (thing.kind !== "scopes") return unknown(describe(object), []);
    if (thing.actions.has(name)) {
      return { kind: "thing", span: expression.span, thing: { kind: "scope", name: `${thing.resource}:${name}` } };
    }
    const near = nearest(name, thing.actions);
    const actions = [...thing.actions];
    const help = near !== undefined ? `did you mean \`${near}\`?` : `there is ${listed(actions)}`;
    const place = estate.positions.get(`resource ${thing.resource}`);
    const related = place ? [{ span: place, message: `\`${thing.name}\` is declared here` }] : [];
    return estate.report(report("WRIT2024", key.span, { action: name, resource: thing.resource }, { help, related }));
  }
  if (object.kind !== "object") return unknown(describe(object), []);
  let found: Expression | undefined;
  for (const property of object.object.properties) {
    if (property.kind === "property" && keyOf(property.key) === name) found = property.value;
    else if (property.kind === "spread") return estate.report(report("WRIT2022", expression.span, {}));
  }
  if (!found) {
    return unknown(
      "this object",
      object.object.properties.flatMap((p) => (p.kind === "property" ? [keyOf(p.key)] : [])),
    );
  }
  const seen = look(estate, { expression: found, widened: true }, depth + 1);
  return seen && (seen.kind === "list" || seen.kind === "object" ? seen : { ...seen, span: expression.span });
}

export function keyOf(key: { kind: "identifier"; name: string } | { kind: "string"; value: string }): string {
  return key.kind === "identifier" ? key.name : key.value;
}

/** What somebody has written, for "… and this is …". */
export function describe(seen: Seen): string {
  switch (seen.kind) {
    case "text":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return `\`${seen.boolean}\``;
    case "undefined":
      return "`undefined`";
    case "list":
      return "a list";
    case "object":
      return "an object";
    case "function":
      return "a function";
    case "thing":
      return `\`${seen.thing.name}\`, ${kindNames[seen.thing.kind]}`;
  }
}

/** Names for people, ten at most. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `\`${name}\``);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
