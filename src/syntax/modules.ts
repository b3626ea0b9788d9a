/** `import` and `export`: named ones only, so that every name can be followed to where it is declared. */
import type { CstNode, IToken } from "chevrotain";
import { type cst, tokens as t } from "../../grammar/index.ts";
import type { Span } from "../diagnostics/index.ts";
import { decodeString } from "./lexemes.ts";
import { checkSeparators } from "./lists.ts";
import { checkBindingName, identifierOf } from "./names.ts";
import { endOf, first, firstToken, isReal, type Reader, safeFix, startOf } from "./reader.ts";
import { declarationWords, refuseDeclarationWord } from "./refused.ts";
import type { Hole, Import, ImportedName, StringLiteral } from "./tree.ts";

export function readImport(
  reader: Reader,
  node: cst.ImportDeclarationCstNode,
  rest: CstNode | undefined,
): Import | undefined {
  const { children } = node;
  const span = reader.spanOf(node);
  const clause = first(children.importClause);
  const from = moduleOf(reader, first(children.module), span);
  const next = rest && firstToken(rest);
  if (next && (next.image === "with" || next.image === "assert") && from.kind === "string") {
    reader.report(
      "WRIT1305",
      reader.spanOf(next),
      {},
      safeFix("remove them", reader.edit(from.span.end, endOfStatement(reader, next), "")),
    );
  }
  if (!clause) {
    if (from.kind === "string") reader.report("WRIT1304", span, {});
    return undefined;
  }
  return { kind: "import", span, names: readClause(reader, clause, from), from };
}

/** Where a statement that begins with this token's rest ends: at its line's end, or before its `;`. */
function endOfStatement(reader: Reader, token: IToken): number {
  const close = reader.text.indexOf("}", token.startOffset);
  return close < 0 ? endOf(token) : close + 1;
}

function moduleOf(reader: Reader, token: IToken | undefined, statement: Span): StringLiteral | Hole {
  if (!isReal(token)) return reader.hole(reader.span(statement.end, statement.end));
  return { kind: "string", span: reader.spanOf(token), value: decodeString(token.image).value };
}

function readClause(reader: Reader, clause: cst.ImportClauseCstNode, from: StringLiteral | Hole): ImportedName[] {
  const { children } = clause;
  const typeOnly = first(children.TypeOnly);
  if (typeOnly) refuseTypeOnly(reader, typeOnly);
  const namespace = first(children.namespace);
  if (namespace) reader.report("WRIT1302", reader.spanOf(namespace), {});
  const byDefault = first(children.default);
  const names: ImportedName[] = [];
  if (isReal(byDefault) && from.kind !== "hole") {
    reader.report("WRIT1301", reader.spanOf(byDefault), { name: byDefault.image });
    const identifier = identifierOf(reader, byDefault);
    names.push({ kind: "imported-name", span: identifier.span, name: identifier, local: identifier });
  } else if (isReal(byDefault)) refuseAssignment(reader, byDefault);
  const list = first(children.importedNames);
  if (list) names.push(...readNames(reader, list));
  return names;
}

/** `import x = require("…")`: the parser has reported the `=`, this says what it is. */
function refuseAssignment(reader: Reader, name: IToken): void {
  const at = reader.diagnostics.findIndex(
    ({ code, span }) => code === "WRIT1020" && span !== undefined && span.start >= endOf(name),
  );
  const fault = reader.diagnostics[at];
  if (!fault?.span || reader.slice(fault.span) !== "=") return;
  reader.diagnostics.splice(at, 1);
  reader.report("WRIT1307", fault.span, {});
}

function refuseTypeOnly(reader: Reader, token: IToken): void {
  const span = reader.spanOf(token);
  let end = span.end;
  while (reader.text[end] === " ") end++;
  reader.report("WRIT1303", span, {}, safeFix("remove `type`", reader.edit(span.start, end, "")));
}

function readNames(reader: Reader, node: cst.ImportedNamesCstNode): ImportedName[] {
  const { children } = node;
  checkSeparators(reader, node, children.importedName ?? [], children.Comma ?? [], children.misplaced ?? []);
  return (children.importedName ?? []).flatMap((each) => {
    const typeOnly = first(each.children.TypeOnly);
    if (typeOnly) refuseTypeOnly(reader, typeOnly);
    const name = first(each.children.name);
    const local = first(each.children.local);
    if (!isReal(name)) return [];
    const imported = identifierOf(reader, name);
    const renamed = isReal(local) ? checkBindingName(reader, local) : local ? imported : checkBindingName(reader, name);
    return [{ kind: "imported-name" as const, span: reader.spanOf(each), name: imported, local: renamed }];
  });
}

/** `export` before anything but a constant; `tokens` are the first ones behind it. */
export function refuseExport(reader: Reader, span: Span, tokens: readonly IToken[]): void {
  const [next] = tokens;
  if (!next) reader.report("WRIT1310", span, {});
  else if (next.image === "default") reader.report("WRIT1308", reader.span(span.start, endOf(next)), {});
  else if (next.tokenType === t.Star || next.tokenType === t.LeftBrace)
    reader.report("WRIT1309", reader.span(span.start, endOf(next)), {});
  else if (next.image === "type" && tokens[1]?.tokenType === t.LeftBrace)
    reader.report("WRIT1309", reader.span(span.start, endOf(next)), {});
  else if (declarationWords.has(next.image) && tokens.length > 1) refuseDeclarationWord(reader, next);
  else reader.report("WRIT1310", reader.span(span.start, startOf(next) < span.end ? span.end : endOf(next)), {});
}
