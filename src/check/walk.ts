/** Walks a whole file without recursion: which names it uses, which texts it holds, whether something could not be read. */
import type { Expression, Identifier, Property, Spread, StringLiteral, Tree } from "../syntax/index.ts";

export interface Uses {
  readonly names: ReadonlySet<string>;
  /** Outside of functions: evaluated where they stand. */
  readonly direct: readonly Identifier[];
  readonly holes: boolean;
}

type Node = Expression | Property | Spread;

export function walkNames(tree: Tree): Uses {
  const names = new Set<string>();
  const direct: Identifier[] = [];
  let holes = tree.imports.some((i) => i.from.kind === "hole");
  walk(tree, (node, parameter) => {
    if (node.kind === "hole") holes = true;
    else if (node.kind === "identifier" && node.name !== parameter) {
      names.add(node.name);
      if (parameter === undefined) direct.push(node);
    }
  });
  return { names, direct, holes };
}

/** Every text of the file, keys of objects included. */
export function textsOf(tree: Tree): readonly StringLiteral[] {
  const texts: StringLiteral[] = [];
  walk(tree, (node) => {
    if (node.kind === "string") texts.push(node);
    else if (node.kind === "property" && node.key.kind === "string") texts.push(node.key);
  });
  return texts;
}

function walk(tree: Tree, visit: (node: Node, parameter: string | undefined) => void): void {
  const stack: { node: Node; parameter: string | undefined }[] = [];
  for (const statement of tree.statements.toReversed()) {
    if (statement.kind === "call") stack.push({ node: statement, parameter: undefined });
    else {
      if (statement.name.kind === "hole") visit(statement.name, undefined);
      stack.push({ node: statement.value, parameter: undefined });
    }
  }
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, parameter } = top;
    visit(node, parameter);
    const inner = node.kind === "arrow" && node.parameter.kind === "identifier" ? node.parameter.name : parameter;
    for (const child of childrenOf(node).toReversed()) stack.push({ node: child, parameter: inner });
  }
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "array":
      return node.elements;
    case "object":
      return node.properties;
    case "property":
    case "spread":
      return [node.value];
    case "member":
      return node.name.kind === "hole" ? [node.object, node.name] : [node.object];
    case "index":
      return [node.object, node.key];
    case "call":
      return [node.callee, ...node.arguments];
    case "arrow":
      return [node.body];
    case "not":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    default:
      return [];
  }
}
