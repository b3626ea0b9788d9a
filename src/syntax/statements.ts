/** Statements: imports, declarations, calls, and everything that TypeScript has beside them. */
import type { CstNode, IToken } from "chevrotain";
import { type cst, tokens as t } from "../../grammar/index.ts";
import type { Span } from "../diagnostics/index.ts";
import { documentationFinder } from "./comments.ts";
import { readImport, refuseExport } from "./modules.ts";
import { checkBindingName } from "./names.ts";
import { endOf, first, firstToken, isReal, type Reader, safeFix, startOf } from "./reader.ts";
import { nameOf } from "./recovery.ts";
import { refuseAnnotation, refuseWord } from "./refused.ts";
import type { Declaration, Expression, Hole, Identifier, Import, Statement } from "./tree.ts";

export function readProgram(
  reader: Reader,
  program: cst.ProgramCstNode | undefined,
  comments: readonly IToken[],
): { imports: Import[]; statements: Statement[] } {
  const imports: Import[] = [];
  const statements: Statement[] = [];
  const documentation = documentationFinder(comments);
  let end = 0;
  for (const node of program?.children.statement ?? []) {
    const { children } = node;
    const span = reader.spanOf(node);
    const imported = first(children.importDeclaration);
    const exported = first(children.exportDeclaration);
    const declared = first(children.declaration);
    const refused = first(children.refusedStatement);
    const expression = first(children.expressionStatement);
    const misplaced = first(children.misplaced);
    const comment = documentation(span.start, end);
    if (imported) {
      const value = readImport(reader, imported, first(children.rest));
      if (value) imports.push(value);
    } else if (exported) readExport(reader, exported, children.rest ?? [], comment, statements);
    else if (declared) readDeclaration(reader, declared, undefined, comment, statements);
    else if (refused) refuseStatement(reader, refused, span);
    else if (expression) readExpressionStatement(reader, expression, first(children.rest), statements);
    else if (misplaced && !reader.isFaulty(span.start, span.end)) {
      const token = firstToken(misplaced);
      if (token) reader.report("WRIT1028", reader.spanOf(token), { found: nameOf(token) });
    }
    if (imported || declared || (exported && first(exported.children.declaration)) || expression)
      refuseRest(reader, node);
    end = span.end;
  }
  return { imports, statements };
}

/** What follows a statement that is complete. A label or import attributes have been reported by then. */
function refuseRest(reader: Reader, node: cst.StatementCstNode): void {
  const rest = first(node.children.rest);
  const token = rest && firstToken(rest);
  if (!rest || !token) return;
  const start = startOf(node);
  if (reader.isFaulty(start, endOf(node))) return;
  if (node.children.importDeclaration && (token.image === "with" || token.image === "assert")) return;
  if (labelOf(reader, node)) return;
  const span = reader.spanOf(token);
  if (token.tokenType === t.Identifier) {
    const end = startOf(node) + reader.text.slice(startOf(node), token.startOffset).trimEnd().length;
    reader.report("WRIT1023", span, {}, safeFix("end the statement before", reader.edit(end, end, ";")));
  } else reader.report("WRIT1028", span, { found: nameOf(token) });
}

function labelOf(reader: Reader, node: cst.StatementCstNode): boolean {
  const rest = first(node.children.rest);
  const expression = first(node.children.expressionStatement);
  return (
    rest !== undefined &&
    expression !== undefined &&
    firstToken(rest)?.tokenType === t.Colon &&
    isPlainName(reader, expression)
  );
}

function isPlainName(reader: Reader, node: CstNode): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(reader.slice(reader.spanOf(node)));
}

function readExport(
  reader: Reader,
  node: cst.ExportDeclarationCstNode,
  rest: readonly cst.AnythingCstNode[],
  documentation: string | undefined,
  into: Statement[],
): void {
  const declaration = first(node.children.declaration);
  const word = first(node.children.Export);
  if (declaration) readDeclaration(reader, declaration, word, documentation, into);
  else
    refuseExport(
      reader,
      reader.spanOf(node),
      rest.flatMap((part) => firstToken(part) ?? []),
    );
}

function readDeclaration(
  reader: Reader,
  node: cst.DeclarationCstNode,
  exported: IToken | undefined,
  documentation: string | undefined,
  into: Statement[],
): void {
  const { children } = node;
  const word = first(children.Let);
  if (word) {
    const span = reader.spanOf(word);
    reader.report(
      "WRIT1201",
      span,
      { word: word.image },
      safeFix("write `const`", reader.edit(span.start, span.end, "const")),
    );
  }
  const keyword = word ?? first(children.Const);
  const declarators = children.declarator ?? [];
  const comma = first(children.Comma);
  if (declarators.length > 1 && comma) splitDeclarations(reader, node, exported, comma);
  const wordStart = exported ? exported.startOffset : startOf(node);
  declarators.forEach((declarator, index) => {
    reader.moveBehind(index === 0 ? keyword : children.Comma?.[index - 1]);
    const behind = reader.here();
    const start = index === 0 ? wordStart : startOf(declarator);
    const here = index === 0 ? behind : reader.span(start, start);
    const span = reader.span(start, Math.max(behind.end, reader.spanOf(declarator).end));
    const declaration = readDeclarator(reader, declarator, keyword, exported !== undefined, span, here);
    into.push(documentation !== undefined && index === 0 ? { ...declaration, documentation } : declaration);
  });
}

function splitDeclarations(
  reader: Reader,
  node: cst.DeclarationCstNode,
  exported: IToken | undefined,
  comma: IToken,
): void {
  const beginning = exported ? "export const " : "const ";
  const edits = (node.children.Comma ?? []).map((token, index) => {
    const next = node.children.declarator?.[index + 1];
    return reader.edit(token.startOffset, next ? startOf(next) : endOf(token), `;\n${beginning}`);
  });
  reader.report("WRIT1203", reader.spanOf(comma), {}, safeFix("declare each on its own", ...edits));
}

function readDeclarator(
  reader: Reader,
  node: cst.DeclaratorCstNode,
  word: IToken | undefined,
  exported: boolean,
  span: Span,
  start: Span,
): Declaration {
  const { children } = node;
  const token = first(children.Name);
  const pattern = first(children.pattern);
  let name: Identifier | Hole;
  if (isReal(token)) {
    name = checkBindingName(reader, token);
  } else {
    name = reader.hole(pattern ? reader.spanOf(pattern) : start);
    if (pattern) reader.report("WRIT1204", name.span, {});
    else if (!reader.isFaulty(span.start, span.end + 1)) {
      reader.report("WRIT1030", word ? reader.spanOf(word) : span, { what: "this declaration" });
    }
  }
  const annotation = first(children.annotation);
  if (annotation) refuseAnnotation(reader, annotation);
  const value = first(children.value);
  const equals = first(children.Equals);
  if (!equals && name.kind === "identifier" && !reader.isFaulty(span.start, span.end + 1)) {
    reader.report("WRIT1027", name.span, { name: name.name });
  }
  reader.moveBehind(equals);
  const read: Expression = value ? reader.expression(value) : reader.hole(reader.span(span.end, span.end));
  return { kind: "declaration", span, exported, name, value: read };
}

function refuseStatement(reader: Reader, node: cst.RefusedStatementCstNode, span: Span): void {
  const { children } = node;
  const word = first(children.StatementWord) ?? first(children.DeclarationWord);
  if (word) refuseWord(reader, word);
  else if (first(children.At)) reader.report("WRIT1217", reader.span(span.start, span.start + 1), {});
  else reader.report("WRIT1215", reader.span(span.start, span.start + 1), {});
}

function readExpressionStatement(
  reader: Reader,
  node: cst.ExpressionStatementCstNode,
  rest: CstNode | undefined,
  into: Statement[],
): void {
  const span = reader.spanOf(node);
  const next = rest && firstToken(rest);
  if (next?.tokenType === t.Colon && isPlainName(reader, node)) {
    reader.report("WRIT1216", reader.span(span.start, next.startOffset + 1), { name: reader.slice(span) });
    return;
  }
  const before = reader.diagnostics.length;
  const expressions = (node.children.expression ?? []).map((expression) => reader.expression(expression));
  const [value] = expressions;
  if (!value) return;
  if (value.kind === "call") into.push(value);
  else if (
    value.kind !== "hole" &&
    reader.diagnostics.length === before &&
    !reader.isFaulty(span.start, span.end + 1)
  ) {
    reader.report("WRIT1219", value.span, {});
  }
  const comma = first(node.children.Comma);
  if (comma) reader.report("WRIT1422", reader.spanOf(comma), {});
}
