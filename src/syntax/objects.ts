/** Objects: plain keys, each once. */
import { type cst, tokens as t } from "../../grammar/index.ts";
import { decodeString } from "./lexemes.ts";
import { checkSeparators } from "./lists.ts";
import { checkUsedName, identifierOf } from "./names.ts";
import { first, inOrder, isReal, type Reader, safeFix } from "./reader.ts";
import type { Expression, Identifier, ObjectLiteral, Property, Spread, StringLiteral } from "./tree.ts";

export function readObject(reader: Reader, node: cst.ObjectCstNode): ObjectLiteral {
  const { children } = node;
  const entries = inOrder<cst.PropertyCstNode | cst.SpreadCstNode>(children.property, children.spread);
  const isClean = checkSeparators(reader, node, entries, children.Comma ?? [], children.misplaced ?? []);
  const properties: (Property | Spread)[] = [];
  const seen = new Map<string, Property>();
  for (const entry of entries) {
    if (entry.name === "spread") {
      const expression = first(entry.children.expression);
      const span = reader.spanOf(entry);
      properties.push({
        kind: "spread",
        span,
        value: expression ? reader.expression(expression) : reader.hole(reader.span(span.end, span.end)),
      });
      continue;
    }
    const property = readProperty(reader, entry, isClean);
    if (!property) continue;
    const name = property.key.kind === "identifier" ? property.key.name : property.key.value;
    const other = seen.get(name);
    if (other) {
      const related = [{ span: other.key.span, message: "it is first written here" }];
      reader.report("WRIT1031", property.key.span, { name }, { related });
    } else seen.set(name, property);
    properties.push(property);
  }
  return { kind: "object", span: reader.spanOf(node), properties };
}

function readProperty(reader: Reader, node: cst.PropertyCstNode, isClean: boolean): Property | undefined {
  const { children } = node;
  const span = reader.spanOf(node);
  const isBare = !first(children.Colon) && !first(children.method) && !first(children.default);
  // What stands beside a stray token may be no property at all.
  if (isBare && !isClean) return undefined;
  const modifier = first(children.Modifier);
  const method = first(children.method);
  const keyNode = first(children.key);
  const key = keyNode && readKey(reader, keyNode);
  if (modifier || method) {
    const name = keyNode ? reader.slice(reader.spanOf(keyNode)) : "this";
    reader.report("WRIT1419", keyNode ? reader.spanOf(keyNode) : span, { name });
    return key && { kind: "property", span, key, value: reader.hole(span) };
  }
  const value = first(children.value);
  const fallback = first(children.default);
  reader.moveBehind(first(children.Colon) ?? first(children.Equals));
  const read = value && reader.expression(value);
  if (!key) return undefined;
  if (fallback) {
    const equals = first(children.Equals);
    const name = key.kind === "identifier" ? key.name : key.value;
    if (equals) {
      const { start, end } = reader.spanOf(equals);
      let from = start;
      while (/[ \t]/.test(reader.text[from - 1] ?? "")) from--;
      reader.report("WRIT1429", reader.span(start, end), { name }, safeFix("write `:`", reader.edit(from, end, ":")));
    }
    return { kind: "property", span, key, value: reader.expression(fallback) };
  }
  if (read) return { kind: "property", span, key, value: read };
  const colon = first(children.Colon);
  if (isReal(colon)) return { kind: "property", span, key, value: reader.hole(reader.span(span.end, span.end)) };
  return readShorthand(reader, keyNode as cst.KeyCstNode, key, span);
}

/** `{ region }` is `{ region: region }`. */
function readShorthand(
  reader: Reader,
  node: cst.KeyCstNode,
  key: Identifier | StringLiteral,
  span: Property["span"],
): Property {
  const token = first(node.children.Name);
  let value: Expression = reader.hole(key.span);
  if (token && key.kind === "identifier") {
    if (token.image === "undefined") value = { kind: "undefined", span: key.span };
    else if (token.tokenType === t.Identifier || token.tokenType === t.As || token.tokenType === t.From)
      value = checkUsedName(reader, token);
    else if (!reader.isFaulty(span.start, span.end + 1)) reader.report("WRIT1029", key.span, { name: token.image });
  } else if (!reader.isFaulty(span.start, span.end + 1)) {
    reader.report("WRIT1020", reader.span(key.span.end, key.span.end), {
      expected: "`:` and a value",
      found: "the end of the property",
    });
  }
  return { kind: "property", span, key, value };
}

function readKey(reader: Reader, node: cst.KeyCstNode): Identifier | StringLiteral | undefined {
  const { children } = node;
  const span = reader.spanOf(node);
  const name = first(children.Name);
  if (isReal(name)) {
    if (name.image === "__proto__") reader.report("WRIT1421", span, {});
    return identifierOf(reader, name);
  }
  const text = first(children.StringText);
  if (text) {
    const { value } = decodeString(text.image);
    if (value === "__proto__") reader.report("WRIT1421", span, {});
    return { kind: "string", span, value };
  }
  const number = first(children.Numeric);
  if (number) {
    const plain = /^(?:0|[1-9][0-9]{0,14})$/.test(number.image);
    reader.report(
      "WRIT1420",
      span,
      { text: number.image },
      plain ? safeFix("write it in quotes", reader.edit(span.start, span.end, `"${number.image}"`)) : {},
    );
    return { kind: "string", span, value: number.image };
  }
  const template = first(children.Template);
  if (template) {
    reader.report("WRIT1109", span, {});
    return { kind: "string", span, value: decodeString(template.image).value };
  }
  const computed = first(children.computed);
  if (computed) reader.report("WRIT1418", span, {});
  return undefined;
}
