/** The tree of one policy file: readonly unions told apart by `kind`, a span on every node, a `hole` where recovery invented something. */
import type { Source, Span } from "../diagnostics/index.ts";

export interface Tree {
  readonly kind: "tree";
  readonly source: Source;
  /** False where something in the file was refused or could not be read: then what it does not say proves nothing. */
  readonly complete: boolean;
  readonly imports: readonly Import[];
  /** In the order of the file. */
  readonly statements: readonly Statement[];
}

/** `import { a, b as c } from "./x.policy.ts"` */
export interface Import {
  readonly kind: "import";
  readonly span: Span;
  readonly names: readonly ImportedName[];
  readonly from: StringLiteral | Hole;
}

export interface ImportedName {
  readonly kind: "imported-name";
  readonly span: Span;
  /** What the other file calls it. */
  readonly name: Identifier;
  /** What this file calls it; the same identifier without `as`. */
  readonly local: Identifier;
}

export type Statement = Declaration | Call;

/** `[export] const name = value` */
export interface Declaration {
  readonly kind: "declaration";
  readonly span: Span;
  readonly exported: boolean;
  readonly name: Identifier | Hole;
  readonly value: Expression;
  /** The text of the `/** … *​/` comment right before it, without the comment's marks. */
  readonly documentation?: string;
}

export type Expression =
  | StringLiteral
  | NumberLiteral
  | BooleanLiteral
  | Undefined
  | Identifier
  | ArrayLiteral
  | ObjectLiteral
  | Member
  | Index
  | Call
  | Arrow
  | Not
  | Binary
  | Hole;

export interface Identifier {
  readonly kind: "identifier";
  readonly span: Span;
  readonly name: string;
}

export interface StringLiteral {
  readonly kind: "string";
  readonly span: Span;
  /** The value, escapes resolved. */
  readonly value: string;
}

export interface NumberLiteral {
  readonly kind: "number";
  readonly span: Span;
  readonly value: number;
}

export interface BooleanLiteral {
  readonly kind: "boolean";
  readonly span: Span;
  readonly value: boolean;
}

export interface Undefined {
  readonly kind: "undefined";
  readonly span: Span;
}

export interface ArrayLiteral {
  readonly kind: "array";
  readonly span: Span;
  readonly elements: readonly (Expression | Spread)[];
}

export interface ObjectLiteral {
  readonly kind: "object";
  readonly span: Span;
  readonly properties: readonly (Property | Spread)[];
}

/** `key: value`, `"key": value` or the shorthand `key`, whose value is then the identifier itself. */
export interface Property {
  readonly kind: "property";
  readonly span: Span;
  readonly key: Identifier | StringLiteral;
  readonly value: Expression;
}

export interface Spread {
  readonly kind: "spread";
  readonly span: Span;
  readonly value: Expression;
}

/** `object.name` */
export interface Member {
  readonly kind: "member";
  readonly span: Span;
  readonly object: Expression;
  readonly name: Identifier | Hole;
}

/** `object["key"]` */
export interface Index {
  readonly kind: "index";
  readonly span: Span;
  readonly object: Expression;
  readonly key: Expression;
}

export interface Call {
  readonly kind: "call";
  readonly span: Span;
  readonly callee: Expression;
  readonly arguments: readonly (Expression | Spread)[];
}

/** `(r) => body` or `r => body`; exactly one plain parameter. */
export interface Arrow {
  readonly kind: "arrow";
  readonly span: Span;
  readonly parameter: Identifier | Hole;
  readonly body: Expression;
}

export interface Not {
  readonly kind: "not";
  readonly span: Span;
  readonly operand: Expression;
}

export type BinaryOperator = "&&" | "||" | "===" | "!==" | "<" | "<=" | ">" | ">=";

export interface Binary {
  readonly kind: "binary";
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** What the author left out or we could not read; its error is already reported, so whoever meets a hole stays silent. */
export interface Hole {
  readonly kind: "hole";
  readonly span: Span;
}
