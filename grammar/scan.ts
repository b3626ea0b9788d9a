/** Token patterns that a regular expression cannot match in linear time: strings, templates, regular expressions, block comments. */
import type { CustomPatternMatcherFunc, IToken } from "chevrotain";

type Match = ReturnType<CustomPatternMatcherFunc>;

const quote = 34;
const apostrophe = 39;
const backslash = 92;
const backtick = 96;
const lineFeed = 10;
const carriageReturn = 13;

function found(text: string, start: number, end: number): Match {
  return [text.slice(start, end)] as unknown as Match;
}

function endsLine(unit: number): boolean {
  return unit === lineFeed || unit === carriageReturn;
}

/** The end of the string that opens at `start`; without its closing quote, the end of its line. */
export function endOfString(text: string, start: number): { end: number; closed: boolean } {
  const open = text.charCodeAt(start);
  let at = start + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === open) return { end: at + 1, closed: true };
    if (endsLine(unit)) break;
    if (unit === backslash && at + 1 < text.length) {
      at +=
        unit === backslash && text.charCodeAt(at + 1) === carriageReturn && text.charCodeAt(at + 2) === lineFeed
          ? 3
          : 2;
    } else at++;
  }
  return { end: Math.min(at, text.length), closed: false };
}

export function stringPattern(text: string, offset: number): Match {
  const unit = text.charCodeAt(offset);
  return unit === quote || unit === apostrophe ? found(text, offset, endOfString(text, offset).end) : null;
}

/** One token for a whole template, interpolations and the templates inside them included. */
function endOfTemplate(text: string, start: number): { end: number; closed: boolean } {
  // Each entry counts the braces that are open inside one interpolation; -1 stands for the text of a template.
  const inside = [-1];
  let at = start + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const top = inside.at(-1) as number;
    if (top < 0) {
      if (unit === backslash) at++;
      else if (unit === backtick) {
        inside.pop();
        if (inside.length === 0) return { end: at + 1, closed: true };
      } else if (unit === 36 && text.charCodeAt(at + 1) === 123) {
        inside.push(0);
        at++;
      }
      at++;
    } else if (unit === quote || unit === apostrophe) at = endOfString(text, at).end;
    else {
      if (unit === backtick) inside.push(-1);
      else if (unit === 123) inside[inside.length - 1] = top + 1;
      else if (unit === 125) {
        if (top === 0) inside.pop();
        else inside[inside.length - 1] = top - 1;
      }
      at++;
    }
  }
  return { end: text.length, closed: false };
}

export function templatePattern(text: string, offset: number): Match {
  return text.charCodeAt(offset) === backtick ? found(text, offset, endOfTemplate(text, offset).end) : null;
}

/** A block comment; one that is never closed runs to the end of the file. */
export function blockCommentPattern(text: string, offset: number): Match {
  if (!text.startsWith("/*", offset)) return null;
  const close = text.indexOf("*/", offset + 2);
  return found(text, offset, close < 0 ? text.length : close + 2);
}

/**
 * A regular expression: a `/` where an operand may begin. One that is never closed runs to the end of its line,
 * so that no text is scanned twice.
 */
export function makeRegularExpressionPattern(endsOperand: (token: IToken) => boolean): CustomPatternMatcherFunc {
  return (text, offset, matched) => {
    if (text.charCodeAt(offset) !== 47) return null;
    const last = matched.at(-1);
    if (last !== undefined && endsOperand(last)) return null;
    let at = offset + 1;
    let inClass = false;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (endsLine(unit)) break;
      if (unit === backslash) at++;
      else if (unit === 91) inClass = true;
      else if (unit === 93) inClass = false;
      else if (unit === 47 && !inClass) {
        at++;
        while (/[a-z]/i.test(text.charAt(at))) at++;
        break;
      }
    }
    return found(text, offset, Math.min(at, text.length));
  };
}
