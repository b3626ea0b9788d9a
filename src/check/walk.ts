/** Walks a whole file without recursion: which names it uses, which texts it holds, whether something could not be read. */
import type { Expression, Identifier, Property, Spread, StringLiteral, Tree } from "../syntax/index.ts";

export interface Uses {
  readonly names: ReadonlySet<string>;
  /** Outside of functions: evaluated where they stand. */
  readonly direct: readonly Identifier[];
  /** Every text of the file, keys of objects included. */
  readonly texts: readonly StringLiteral[];
  readonly holes: boolean;
}

type Node = Expression | Property | Spread;

const known = new WeakMap<Tree, Uses>();

export function usesOf(tree: Tree): Uses {
  let uses = known.get(tree);
  if (!uses) {
    uses = walk(tree);
    known.set(tree, uses);
  }
  return uses;
}

function walk(tree: Tree): Uses {
  const names = new Set<string>();
  const direct: Identifier[] = [];
  const texts: StringLiteral[] = [];
  let holes = tree.imports.some((i) => i.from.kind === "hole");
  const nodes: Node[] = [];
  // The parameter of the function around each node.
  const parameters: (string | undefined)[] = [];
  const visit = (node: Node, parameter: string | undefined): void => {
    if (node.kind === "hole") holes = true;
    else if (node.kind === "string") texts.push(node);
    else if (node.kind === "property" && node.key.kind === "string") texts.push(node.key);
    else if (node.kind === "identifier" && node.name !== parameter) {
      names.add(node.name);
      if (parameter === undefined) direct.push(node);
    }
    const inner = node.kind === "arrow" && node.parameter.kind === "identifier" ? node.parameter.name : parameter;
    for (const child of childrenOf(node)) {
      nodes.push(child);
      parameters.push(inner);
    }
  };
  for (const statement of tree.statements) {
    if (statement.kind === "declaration" && statement.name.kind === "hole") holes = true;
    visit(statement.kind === "call" ? statement : statement.value, undefined);
    for (let node = nodes.pop(); node; node = nodes.pop()) visit(node, parameters.pop());
  }
  return { names, direct, texts, holes };
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
