/** What single tokens get wrong, wherever they stand: strings that do not end, escapes, the spelling of numbers. */
import type { ILexingError, IToken } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import { nameOfCharacter } from "./characters.ts";
import { type Reader, safeFix } from "./reader.ts";

export function checkTokens(reader: Reader, tokens: readonly IToken[], errors: readonly ILexingError[]): void {
  for (const { offset } of errors) {
    const character = String.fromCodePoint(reader.text.codePointAt(offset) ?? 0);
    reader.report("WRIT1012", reader.span(offset, offset + character.length), {
      character: nameOfCharacter(character),
    });
  }
  for (const token of tokens) {
    if (token.tokenType === t.StringText) checkString(reader, token);
    else if (token.tokenType === t.Numeric) checkNumber(reader, token);
    else if (token.tokenType === t.Template) checkTemplate(reader, token);
  }
}

function checkString(reader: Reader, token: IToken): void {
  if (!isClosed(token.image)) {
    const { start, end } = reader.spanOf(token);
    reader.report("WRIT1101", reader.span(start, end), {});
  }
  for (const { at, text } of decodeString(token.image).problems) {
    const start = token.startOffset + at;
    reader.report("WRIT1102", reader.span(start, start + text.length), { sequence: text });
  }
}

function isClosed(image: string): boolean {
  if (image.length < 2 || image.at(-1) !== image[0]) return false;
  let backslashes = 0;
  for (let at = image.length - 2; at > 0 && image[at] === "\\"; at--) backslashes++;
  return backslashes % 2 === 0;
}

const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v" };

interface Problem {
  readonly at: number;
  readonly text: string;
}

/** The value of a string or of a template's text, as TypeScript in strict mode reads it (ECMA-262 §12.9.4). */
export function decodeString(image: string): { value: string; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const end = isClosed(image) ? image.length - 1 : image.length;
  const body = image.slice(1, end);
  if (!body.includes("\\")) return { value: body, problems };
  let value = "";
  let at = 1;
  while (at < end) {
    const character = image[at] as string;
    if (character !== "\\") {
      value += character;
      at++;
      continue;
    }
    const read = readEscape(image, at, end);
    if (read.value === undefined) problems.push({ at, text: image.slice(at, read.end) });
    else value += read.value;
    at = read.end;
  }
  return { value, problems };
}

function readEscape(image: string, at: number, end: number): { end: number; value: string | undefined } {
  const next = image[at + 1];
  if (next === undefined || at + 1 >= end) return { end: at + 1, value: "" };
  if (next === "\r" && image[at + 2] === "\n") return { end: at + 3, value: "" };
  if (next === "\r" || next === "\n" || next === "\u2028" || next === "\u2029") return { end: at + 2, value: "" };
  const simple = simpleEscapes[next];
  if (simple !== undefined) return { end: at + 2, value: simple };
  if (next === "0" && !/[0-9]/.test(image[at + 2] ?? "")) return { end: at + 2, value: "\0" };
  if (/[0-9]/.test(next)) return { end: at + 2, value: undefined };
  if (next === "x")
    return hexadecimal(image, at, /^[0-9a-fA-F]{2}/, image.slice(at + 2, Math.min(at + 4, end)), at + 2);
  if (next === "u") return unicode(image, at, end);
  return { end: at + 2, value: next };
}

function hexadecimal(
  _image: string,
  _at: number,
  pattern: RegExp,
  text: string,
  from: number,
): { end: number; value: string | undefined } {
  const digits = pattern.exec(text)?.[0];
  if (digits === undefined) return { end: from, value: undefined };
  return { end: from + digits.length, value: String.fromCharCode(Number.parseInt(digits, 16)) };
}

/** A half of a surrogate pair is no character and cannot be written in UTF-8: it is refused, a pair of them is not. */
function unicode(image: string, at: number, end: number): { end: number; value: string | undefined } {
  const text = image.slice(at, Math.min(at + 24, end));
  const braces = /^\\u\{([0-9a-fA-F]+)\}/.exec(text);
  if (braces) {
    const point = Number.parseInt(braces[1] as string, 16);
    const valid = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
    return { end: at + braces[0].length, value: valid ? String.fromCodePoint(point) : undefined };
  }
  const pair = /^\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(text);
  if (pair) {
    const value = String.fromCharCode(Number.parseInt(pair[1] as string, 16), Number.parseInt(pair[2] as string, 16));
    return { end: at + 12, value };
  }
  const four = /^\\u([0-9a-fA-F]{4})/.exec(text);
  if (!four) return { end: at + 2, value: undefined };
  const unit = Number.parseInt(four[1] as string, 16);
  return { end: at + 6, value: unit >= 0xd800 && unit <= 0xdfff ? undefined : String.fromCharCode(unit) };
}

function checkNumber(reader: Reader, token: IToken): void {
  const text = token.image;
  const span = reader.spanOf(token);
  const write = (value: string) => safeFix(`write \`${value}\``, reader.edit(span.start, span.end, value));
  const plain = text.replaceAll("_", "");
  if (/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
      reader.report("WRIT1108", span, { text });
  } else if (/^[0-9]+(?:_[0-9]+)*n$/.test(text))
    reader.report("WRIT1105", span, { text }, write(plain.slice(0, -1).replace(/^0+(?=.)/, "")));
  else if (/^0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)$/.test(text)) {
    const value = Number(plain);
    reader.report("WRIT1106", span, { text }, Number.isSafeInteger(value) ? write(String(value)) : {});
  } else if (/^0[0-9_]+(?:\.[0-9]*)?$/.test(text)) {
    // Octal to some and decimal to others: only the author knows.
    reader.report("WRIT1103", span, { text });
  } else if (text.includes("_") && /^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/.test(plain)) {
    reader.report("WRIT1104", span, { text }, write(plain));
  } else reader.report("WRIT1107", span, { text });
}

/** A number that is spelled in another way than ours still has a value. */
export function valueOfNumber(text: string): number {
  const value = Number(text.replaceAll("_", "").replace(/n$/, ""));
  return Number.isFinite(value) ? value : 0;
}

function checkTemplate(reader: Reader, token: IToken): void {
  if (!isClosed(token.image)) reader.report("WRIT1112", reader.span(token.startOffset, token.startOffset + 1), {});
}

export { isClosed };
