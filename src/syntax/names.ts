/** Names that TypeScript keeps for itself in a module. */
import type { IToken } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import type { Reader } from "./reader.ts";
import type { Identifier } from "./tree.ts";

/** Reserved in strict mode (ECMA-262 §12.7.2), and what a module may not bind (§13.1.1). */
const reserved = new Set([
  "await",
  "implements",
  "interface",
  "let",
  "package",
  "private",
  "protected",
  "public",
  "static",
  "yield",
]);
const unbindable = new Set(["arguments", "eval", "undefined", "NaN", "Infinity", "globalThis"]);

export function identifierOf(reader: Reader, token: IToken): Identifier {
  return { kind: "identifier", span: reader.spanOf(token), name: token.image };
}

/** A name where it is declared. */
export function checkBindingName(reader: Reader, token: IToken): Identifier {
  const isWord =
    token.tokenType !== t.Identifier &&
    token.tokenType !== t.As &&
    token.tokenType !== t.From &&
    token.tokenType !== t.LoneParameter;
  if (isReservedWord(token, isWord) || unbindable.has(token.image))
    reader.report("WRIT1029", reader.spanOf(token), { name: token.image });
  return identifierOf(reader, token);
}

/** A name where it is used. */
export function checkUsedName(reader: Reader, token: IToken): Identifier {
  if (reserved.has(token.image)) reader.report("WRIT1029", reader.spanOf(token), { name: token.image });
  return identifierOf(reader, token);
}

function isReservedWord(token: IToken, isWord: boolean): boolean {
  const contextual =
    token.tokenType === t.DeclarationWord ||
    token.tokenType === t.TypeOnly ||
    token.tokenType === t.Modifier ||
    token.tokenType === t.Async;
  return reserved.has(token.image) || (isWord && !contextual);
}
