/** Finds where a condition reads `r.params.id`. */
import type { Span } from "../diagnostics/index.ts";
import type { Expression } from "../syntax/index.ts";

/** The first place in `expression` that reads the names of `path` from the parameter, if it is written there at all. */
export function findPath(expression: Expression | undefined, path: readonly string[]): Span | undefined {
  const open: Expression[] = expression ? [expression] : [];
  let first: Span | undefined;
  for (let node = open.pop(); node; node = open.pop()) {
    if ((node.kind === "member" || node.kind === "index") && reads(node, path)) {
      if (!first || node.span.start < first.start) first = node.span;
      continue;
    }
    switch (node.kind) {
      case "arrow":
        open.push(node.body);
        break;
      case "not":
        open.push(node.operand);
        break;
      case "binary":
        open.push(node.left, node.right);
        break;
      case "call":
        open.push(node.callee, ...node.arguments.filter((argument) => argument.kind !== "spread"));
        break;
      case "member":
      case "index":
        open.push(node.object);
        break;
      case "array":
        open.push(...node.elements.filter((element) => element.kind !== "spread"));
        break;
    }
  }
  return first;
}

function reads(expression: Expression, path: readonly string[]): boolean {
  let node = expression;
  for (const name of path.toReversed()) {
    if (node.kind === "member" && node.name.kind === "identifier" && node.name.name === name) node = node.object;
    else if (node.kind === "index" && node.key.kind === "string" && node.key.value.toLowerCase() === name)
      node = node.object;
    else return false;
  }
  return node.kind === "identifier";
}
