/**
 * Characters that a reader does not see, or sees as something else (UTS #39, Trojan Source): refused wherever they could
 * make a review and a compiler read two different policies.
 */
import type { IToken, TokenType } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import { confusables } from "./confusables.ts";
import { type Reader, safeFix } from "./reader.ts";

const words = new Map<string, TokenType>([
  ["const", t.Const],
  ["export", t.Export],
  ["import", t.Import],
]);
const byteOrderMark = "\ufeff";

const suspicious = new RegExp(
  [
    "[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f",
    "\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb]",
    "|\\udb40[\\udc00-\\udfff]",
  ].join(""),
  "g",
);
const holdsSuspicious = new RegExp(suspicious.source);
/** In a comment these do no harm: they belong to how people write their languages, and to emoji. */
const harmlessInComments =
  /^(?:\u00a0|\u00ad|\u034f|\u115f|\u1160|\u1680|\u17b4|\u17b5|[\u180b-\u180f\u2000-\u200d\u202f\u205f\u3000\u3164]|[\ufe00-\ufe0f]|\uffa0)$/;
const bidirectional = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
const spaces = /^[\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

export function checkCharacters(reader: Reader, tokens: readonly IToken[], comments: readonly IToken[]): void {
  const { text } = reader;
  const inString = finder(tokens.filter((token) => token.tokenType === t.StringText || token.tokenType === t.Template));
  const inComment = finder(comments);
  for (const match of text.matchAll(suspicious)) {
    const [character] = match;
    const start = match.index;
    const span = reader.span(start, start + character.length);
    const replaced = (by: string) =>
      safeFix(by ? "write it visibly" : "remove it", reader.edit(span.start, span.end, by));
    if (start === 0 && character === byteOrderMark) {
      reader.report("WRIT1002", span, {}, replaced(""));
      continue;
    }
    const token = inString(start);
    if (!token && harmlessInComments.test(character) && inComment(start)) continue;
    // Behind a backslash the character is itself an escape, and an edit would change what the backslash stands before.
    const escaped = token !== undefined && text[start - 1] === "\\";
    const by = token ? escapes(character) : spaces.test(character) ? " " : "";
    const extras = escaped || (token && token.tokenType !== t.StringText) ? {} : replaced(by);
    const parameters = { character: nameOfCharacter(character) };
    if (bidirectional.test(character)) reader.report("WRIT1008", span, parameters, extras);
    else if (isControl(character)) reader.report("WRIT1003", span, parameters, extras);
    else reader.report("WRIT1009", span, parameters, extras);
  }
  for (const token of tokens) {
    if (token.tokenType === t.Identifier || token.tokenType === t.As || token.tokenType === t.From)
      checkName(reader, token);
  }
}

/** Letters of other alphabets: `а` is not `a`. */
function checkName(reader: Reader, token: IToken): void {
  const name = token.image;
  // What cannot be seen has been reported where it stands.
  const shown = name.replace(suspicious, "");
  const foreign = /[^ -~]/u.exec(shown);
  if (!foreign) return;
  const span = reader.spanOf(token);
  const ascii = Array.from(shown, (character) => confusables.get(character) ?? character).join("");
  const word = words.get(ascii);
  // Read as what it looks like, so that the rest of the statement is understood.
  if (word && token.tokenType === t.Identifier) {
    token.tokenType = word;
    token.tokenTypeIdx = word.tokenTypeIdx as number;
  }
  const character = nameOfCharacter(foreign[0]);
  if (/^[ -~]+$/.test(ascii)) {
    token.image = ascii;
    reader.report(
      "WRIT1010",
      span,
      { name: shown, character, ascii },
      { fix: { title: `write \`${ascii}\``, safe: false, edits: [{ span, text: ascii }] } },
    );
  } else reader.report("WRIT1011", span, { name: shown, character });
}

/** Finds the token that holds an offset; offsets are asked for in rising order. */
function finder(tokens: readonly IToken[]): (offset: number) => IToken | undefined {
  let at = 0;
  return (offset) => {
    while (at < tokens.length && (tokens[at]?.endOffset as number) < offset) at++;
    const token = tokens[at];
    return token && token.startOffset <= offset ? token : undefined;
  };
}

function isControl(character: string): boolean {
  const unit = character.charCodeAt(0);
  return unit < 0x20 || (unit >= 0x7f && unit < 0xa0);
}

function escapes(characters: string): string {
  return Array.from(characters, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`).join("");
}

/** `а (U+0430)`, or only the number where there is nothing to see. */
export function nameOfCharacter(character: string): string {
  const point = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  const visible = !holdsSuspicious.test(character) && !/^[\ud800-\udfff ]$/.test(character) && !isControl(character);
  return visible ? `\`${character}\` (U+${point})` : `U+${point}`;
}
