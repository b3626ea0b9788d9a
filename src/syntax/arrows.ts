/** Arrow functions: one plain parameter and one expression. */
import type { IToken } from "chevrotain";
import type { cst } from "../../grammar/index.ts";
import { checkSeparators } from "./lists.ts";
import { checkBindingName } from "./names.ts";
import { endOf, first, isReal, type Reader, safeFix } from "./reader.ts";
import { refuseAnnotation } from "./refused.ts";
import type { Arrow, Expression, Hole, Identifier } from "./tree.ts";

export function readArrow(reader: Reader, node: cst.ArrowCstNode): Arrow {
  const { children } = node;
  const span = reader.spanOf(node);
  const async = first(children.Async);
  if (async) reader.report("WRIT1411", reader.spanOf(async), { word: "async" });
  const lone = first(children.LoneParameter);
  const parameters = first(children.parameters);
  const parameter = lone
    ? checkBindingName(reader, lone)
    : parameters
      ? readParameters(reader, parameters)
      : reader.hole(reader.span(span.start, span.start));
  const returnType = first(children.returnType);
  if (returnType) refuseAnnotation(reader, returnType);
  const mark = first(children.Arrow);
  if (isReal(mark)) checkLine(reader, lone ? endOf(lone) : parameters ? endOf(parameters) : span.start, mark);
  return { kind: "arrow", span, parameter, body: readBody(reader, node, mark) };
}

function readBody(reader: Reader, node: cst.ArrowCstNode, mark: IToken | undefined): Expression {
  const block = first(node.children.block);
  if (block) {
    const span = reader.spanOf(block);
    reader.report("WRIT1423", reader.span(span.start, span.start + 1), {});
    return reader.hole(span);
  }
  const body = first(node.children.body);
  const end = mark ? endOf(mark) : endOf(node);
  return body ? reader.expression(body) : reader.hole(reader.span(end, end));
}

/** TypeScript lets no line break come before `=>` (ECMA-262 §15.3). */
function checkLine(reader: Reader, end: number, mark: IToken): void {
  const between = reader.text.slice(end, mark.startOffset);
  if (!/[\r\n]/.test(between)) return;
  const fix = /^\s*$/.test(between)
    ? safeFix("write it on the same line", reader.edit(end, mark.startOffset, " "))
    : {};
  reader.report("WRIT1427", reader.spanOf(mark), {}, fix);
}

function readParameters(reader: Reader, node: cst.ParametersCstNode): Identifier | Hole {
  const { children } = node;
  const list = children.parameter ?? [];
  checkSeparators(reader, node, list, children.Comma ?? [], children.misplaced ?? []);
  const read = list.map((parameter) => readParameter(reader, parameter));
  const span = reader.spanOf(node);
  if (read.length !== 1 && !reader.isFaulty(span.start, span.end))
    reader.report("WRIT1424", span, { count: read.length });
  return read[0] ?? reader.hole(span);
}

function readParameter(reader: Reader, node: cst.ParameterCstNode): Identifier | Hole {
  const { children } = node;
  const spread = first(children.Spread);
  if (spread) reader.report("WRIT1426", reader.spanOf(spread), { extra: "`...`" });
  const question = first(children.Question);
  if (question) {
    const { start, end } = reader.spanOf(question);
    reader.report(
      "WRIT1426",
      reader.span(start, end),
      { extra: "`?`" },
      safeFix("remove it", reader.edit(start, end, "")),
    );
  }
  const annotation = first(children.annotation);
  if (annotation) refuseAnnotation(reader, annotation);
  const equals = first(children.Equals);
  if (equals) reader.report("WRIT1426", reader.spanOf(equals), { extra: "a default" });
  for (const value of children.default ?? []) reader.expression(value);
  const name = first(children.Name);
  if (isReal(name)) return checkBindingName(reader, name);
  const pattern = first(children.pattern);
  const span = reader.spanOf(pattern ?? node);
  if (pattern) reader.report("WRIT1425", span, {});
  return reader.hole(span);
}
