/** Short ways to parse and to show what came of it. */
import type { Diagnostic, Edit } from "../../src/diagnostics/index.ts";
import { type Expression, parse, type Tree } from "../../src/syntax/index.ts";

export const path = "example.policy.ts";

export function read(text: string): { tree: Tree; diagnostics: readonly Diagnostic[] } {
  const { value, diagnostics } = parse({ path, text });
  return { tree: value, diagnostics };
}

/** `WRIT1401 "=="`: a code and the text it points at. */
export function shown(text: string): string[] {
  return read(text).diagnostics.map(
    ({ code, span }) => `${code} ${JSON.stringify(text.slice(span?.start, span?.end))}`,
  );
}

/** A tree without its places. */
export function plain(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value) =>
      key === "span" || key === "operatorSpan" || key === "source" ? undefined : value,
    ),
  );
}

/** The value of `const x = …`, without a diagnostic. */
export function value(expression: string): Expression {
  const { tree, diagnostics } = read(`const x = ${expression}`);
  if (diagnostics.length > 0)
    throw new TypeError(`${expression}: ${diagnostics.map((each) => each.message).join(", ")}`);
  const [statement] = tree.statements;
  if (statement?.kind !== "declaration" || tree.statements.length !== 1)
    throw new TypeError(`not one declaration: ${expression}`);
  return statement.value;
}

/** An expression in a notation with all its parentheses. */
export function grouped(node: Expression): string {
  if (node.kind === "binary") return `(${grouped(node.left)} ${node.operator} ${grouped(node.right)})`;
  if (node.kind === "not") return `!${grouped(node.operand)}`;
  if (node.kind === "member") return `${grouped(node.object)}.${node.name.kind === "hole" ? "?" : node.name.name}`;
  if (node.kind === "index") return `${grouped(node.object)}[${grouped(node.key)}]`;
  if (node.kind === "call")
    return `${grouped(node.callee)}(${node.arguments.map((each) => (each.kind === "spread" ? "..." : grouped(each))).join(", ")})`;
  if (node.kind === "arrow")
    return `${node.parameter.kind === "hole" ? "?" : node.parameter.name} => ${grouped(node.body)}`;
  if (node.kind === "identifier") return node.name;
  if (node.kind === "string" || node.kind === "number" || node.kind === "boolean") return JSON.stringify(node.value);
  return node.kind;
}

export function apply(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { span, text: by } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    result = result.slice(0, span.start) + by + result.slice(span.end);
  }
  return result;
}
