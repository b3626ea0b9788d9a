/** Expressions: what an operand is made of, from its first token to its last member, call or cast. */
import type { IToken } from "chevrotain";
import { type cst, tokens as t } from "../../grammar/index.ts";
import type { Span } from "../diagnostics/index.ts";
import { readArrow } from "./arrows.ts";
import { decodeString, isClosed, valueOfNumber } from "./lexemes.ts";
import { checkSeparators } from "./lists.ts";
import { checkUsedName, identifierOf } from "./names.ts";
import { readObject } from "./objects.ts";
import { readOperation } from "./operations.ts";
import { endOf, first, isReal, type Reader, safeFix } from "./reader.ts";
import type { Expression, Spread } from "./tree.ts";

export function readExpression(reader: Reader, node: cst.ExpressionCstNode): Expression {
  const arrow = first(node.children.arrow);
  if (arrow) return readArrow(reader, arrow);
  const conditional = first(node.children.conditional);
  return conditional ? readConditional(reader, conditional) : reader.hole(reader.spanOf(node));
}

function readConditional(reader: Reader, node: cst.ConditionalCstNode): Expression {
  const { children } = node;
  const operation = first(children.operation);
  const value = operation ? readOperation(reader, operation, readOperand) : reader.hole(reader.spanOf(node));
  const question = first(children.Question);
  const assignment = first(children.Equals) ?? first(children.Assignment);
  if (question) reader.report("WRIT1406", reader.spanOf(question), {});
  else if (assignment) reader.report("WRIT1407", reader.spanOf(assignment), { operator: assignment.image });
  else return value;
  for (const other of children.other ?? []) readExpression(reader, other);
  return reader.hole(reader.spanOf(node));
}

export function readOperand(reader: Reader, node: cst.OperandCstNode): Expression {
  const { children } = node;
  const primary = first(children.primary);
  reader.moveBehind(first(children.prefix?.at(-1)?.children.mark));
  let value: Expression = primary ? readPrimary(reader, primary) : reader.hole(reader.here());
  for (const suffix of children.suffix ?? []) value = readSuffix(reader, value, suffix);
  for (const cast of children.cast ?? []) refuseCast(reader, value, cast);
  const prefixes = children.prefix ?? [];
  for (let at = prefixes.length - 1; at >= 0; at--)
    value = readPrefix(reader, prefixes[at] as cst.PrefixCstNode, value);
  return value;
}

/** `(x)`: the one value between parentheses. */
function readParenthesised(reader: Reader, node: cst.ParenthesisedCstNode): Expression {
  const items = first(node.children.items);
  const values = items ? readItems(reader, items) : [];
  const span = reader.spanOf(node);
  if (values.length === 0) {
    if (!reader.isFaulty(span.start, span.end)) {
      const at = Math.max(span.start, span.end - 1);
      reader.report("WRIT1020", reader.span(at, span.end), { expected: "a value", found: "`)`" });
    }
    return reader.hole(span);
  }
  const comma = first(items?.children.Comma);
  if (comma) reader.report("WRIT1422", reader.spanOf(comma), {});
  const only = withoutSpread(reader, values.at(-1) as Expression | Spread);
  return comma ? reader.hole(span) : only;
}

function withoutSpread(reader: Reader, value: Expression | Spread): Expression {
  if (value.kind !== "spread") return value;
  reader.report("WRIT1430", reader.span(value.span.start, value.span.start + 3), {});
  return value.value;
}

/** Array elements, arguments, and whatever else stands between brackets with commas. */
export function readItems(reader: Reader, node: cst.ItemsCstNode): (Expression | Spread)[] {
  const { children } = node;
  checkSeparators(reader, node, children.item ?? [], children.Comma ?? [], children.misplaced ?? []);
  return (children.item ?? []).map((item) => {
    const span = reader.spanOf(item);
    const expression = first(item.children.expression);
    const value = expression ? readExpression(reader, expression) : reader.hole(reader.spanOf(item));
    return first(item.children.Spread) ? { kind: "spread" as const, span, value } : value;
  });
}

function readPrimary(reader: Reader, node: cst.PrimaryCstNode): Expression {
  const { children } = node;
  const name = first(children.Identifier);
  if (name) {
    if (name.image === "undefined") return { kind: "undefined", span: reader.spanOf(name) };
    return checkUsedName(reader, name);
  }
  const text = first(children.StringText);
  if (text) return { kind: "string", span: reader.spanOf(text), value: decodeString(text.image).value };
  const number = first(children.Numeric);
  if (number) return { kind: "number", span: reader.spanOf(number), value: valueOfNumber(number.image) };
  const truth = first(children.BooleanWord);
  if (truth) return { kind: "boolean", span: reader.spanOf(truth), value: truth.image === "true" };
  const array = first(children.array);
  if (array) {
    const items = first(array.children.items);
    return { kind: "array", span: reader.spanOf(array), elements: items ? readItems(reader, items) : [] };
  }
  const object = first(children.object);
  if (object) return readObject(reader, object);
  const parenthesised = first(children.parenthesised);
  if (parenthesised) return readParenthesised(reader, parenthesised);
  return refusePrimary(reader, node);
}

function refusePrimary(reader: Reader, node: cst.PrimaryCstNode): Expression {
  const { children } = node;
  const span = reader.spanOf(node);
  const template = first(children.Template);
  if (template) return readTemplate(reader, template);
  if (first(children.RegularExpression)) reader.report("WRIT1113", span, {});
  else if (first(children.DynamicImport)) reader.report("WRIT1306", span, {});
  else if (first(children.functionExpression)) reader.report("WRIT1206", reader.span(span.start, span.start + 8), {});
  else if (first(children.classExpression)) reader.report("WRIT1207", reader.span(span.start, span.start + 5), {});
  const word = first(children.Nothing);
  if (word?.image === "null") reader.report("WRIT1114", span, {});
  else if (word) reader.report("WRIT1417", span, { word: word.image });
  return reader.hole(span);
}

function readTemplate(reader: Reader, token: IToken): Expression {
  const span = reader.spanOf(token);
  if (!isClosed(token.image)) return reader.hole(span);
  const interpolation = /(?:^|[^\\])(?:\\\\)*\$\{/.exec(token.image);
  if (interpolation) {
    const start = span.start + interpolation.index + interpolation[0].length - 2;
    reader.report("WRIT1110", reader.span(start, start + 2), {});
    return reader.hole(span);
  }
  const { value, problems } = decodeString(token.image);
  // CR and CRLF in a template are LF (ECMA-262 §12.9.6).
  const text = value.replace(/\r\n?/g, "\n");
  reader.report(
    "WRIT1109",
    span,
    {},
    problems.length > 0 ? {} : safeFix("write a string", reader.edit(span.start, span.end, JSON.stringify(text))),
  );
  return { kind: "string", span, value: text };
}

function readSuffix(reader: Reader, object: Expression, node: cst.SuffixCstNode): Expression {
  const { children } = node;
  const whole: Span = reader.span(object.span.start, endOf(node));
  const token = first(children.Dot);
  if (token) {
    const name = first(children.Name);
    const found = isReal(name) ? identifierOf(reader, name) : reader.hole(reader.span(endOf(token), endOf(token)));
    // A member of what could not be read cannot be read either.
    return object.kind === "hole" ? reader.hole(whole) : { kind: "member", span: whole, object, name: found };
  }
  const index = first(children.index);
  if (index) return readIndex(reader, object, index, whole);
  const call = first(children.call);
  if (call) {
    const items = first(call.children.items);
    const read = items ? readItems(reader, items) : [];
    return object.kind === "hole" ? reader.hole(whole) : { kind: "call", span: whole, callee: object, arguments: read };
  }
  return refuseSuffix(reader, object, node);
}

function readIndex(reader: Reader, object: Expression, node: cst.IndexCstNode, span: Span): Expression {
  const items = first(node.children.items);
  const values = items ? readItems(reader, items) : [];
  const [value] = values;
  const place = reader.spanOf(node);
  const comma = first(items?.children.Comma);
  if (object.kind === "hole") return reader.hole(span);
  if (values.length === 1 && value && !comma) return { kind: "index", span, object, key: withoutSpread(reader, value) };
  if (!reader.isFaulty(place.start, place.end)) {
    if (comma) reader.report("WRIT1422", reader.spanOf(comma), {});
    else reader.report("WRIT1020", place, { expected: "a key", found: "`]`" });
  }
  return { kind: "index", span, object, key: reader.hole(place) };
}

function refuseSuffix(reader: Reader, object: Expression, node: cst.SuffixCstNode): Expression {
  const { children } = node;
  const span = reader.spanOf(node);
  const remove = safeFix("remove it", reader.edit(span.start, span.end, ""));
  const step = first(children.Step);
  if (first(children.OptionalDot)) reader.report("WRIT1405", span, {});
  else if (first(children.Not)) reader.report("WRIT1415", span, {}, remove);
  else if (step) reader.report("WRIT1408", span, { operator: step.image });
  else if (first(children.Template)) reader.report("WRIT1111", span, {});
  else if (first(children.TypeBrackets)) reader.report("WRIT1416", span, {}, remove);
  if (first(children.Not) || first(children.TypeBrackets)) return object;
  return reader.hole(reader.span(object.span.start, span.end));
}

function refuseCast(reader: Reader, value: Expression, node: cst.CastCstNode): void {
  const word = first(node.children.As);
  if (!word) return;
  const type = first(node.children.type);
  const isConst = type !== undefined && reader.slice(reader.spanOf(type)) === "const";
  let start = word.startOffset;
  while (start > value.span.end && /[ \t]/.test(reader.text[start - 1] ?? "")) start--;
  const edits = [reader.edit(start, endOf(node), "")];
  const fix = { title: "remove it", safe: isConst || word.image === "satisfies", edits };
  reader.report(
    "WRIT1413",
    reader.span(word.startOffset, endOf(node)),
    { word: isConst ? "as const" : word.image },
    { fix },
  );
}

function readPrefix(reader: Reader, node: cst.PrefixCstNode, operand: Expression): Expression {
  const token = first(node.children.mark);
  if (!token) return operand;
  const mark = reader.spanOf(token);
  const span = reader.span(mark.start, Math.max(mark.end, operand.span.end));
  const type = token.tokenType;
  if (type === t.Not) return { kind: "not", span, operand };
  if (type === t.Sign && token.image === "-" && operand.kind === "number" && operand.span.start === mark.end) {
    return { kind: "number", span, value: -operand.value };
  }
  if (type === t.TypeBrackets) {
    reader.report(
      "WRIT1414",
      mark,
      {},
      { fix: { title: "remove it", safe: false, edits: [reader.edit(mark.start, mark.end, "")] } },
    );
    return operand;
  }
  if (type === t.Sign) reader.report("WRIT1402", mark, { operator: token.image });
  else if (type === t.Tilde) reader.report("WRIT1403", mark, { operator: token.image });
  else if (type === t.Step) reader.report("WRIT1408", mark, { operator: token.image });
  // `async function` is one thing, and the function has been reported.
  else if (token.image !== "async") refusePrefixWord(reader, token, mark);
  return reader.hole(span);
}

function refusePrefixWord(reader: Reader, token: IToken, span: Span): void {
  const word = token.image;
  if (word === "new") reader.report("WRIT1410", span, {});
  else if (word === "await") reader.report("WRIT1411", span, { word });
  else reader.report("WRIT1409", span, { word });
}
