/** Text to tree. */
export { decode, maximumBytes } from "./decode.ts";
export { maximumDiagnostics, parse } from "./parse.ts";
export type {
  ArrayLiteral,
  Arrow,
  Binary,
  BinaryOperator,
  BooleanLiteral,
  Call,
  Declaration,
  Expression,
  Hole,
  Identifier,
  Import,
  ImportedName,
  Index,
  Member,
  Not,
  NumberLiteral,
  ObjectLiteral,
  Property,
  Spread,
  Statement,
  StringLiteral,
  Tree,
  Undefined,
} from "./tree.ts";
