/** What the parser did not expect, put into our words. */
import type { IRecognitionException, IToken } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import type { Reader } from "./reader.ts";

export function reportFaults(reader: Reader, errors: readonly IRecognitionException[]): void {
  for (const error of errors) {
    const { token } = error;
    const start = Number.isFinite(token.startOffset) ? token.startOffset : reader.text.length;
    const behindBracket =
      (error as { previousToken?: IToken }).previousToken?.image === "" && token.tokenType === t.LineEnd;
    reader.faults.push(start);
    // A bracket that is never closed is the mistake; that what should follow it is missing is not another.
    if (behindBracket) continue;
    const end = token.tokenType === t.LineEnd ? start : reader.spanOf(token).end;
    reader.report("WRIT1020", reader.span(start, end), { expected: error.message, found: nameOf(token) });
  }
  reader.faults.sort((a, b) => a - b);
}

/** The author's own words for a token, short enough for a sentence. */
export function nameOf(token: IToken): string {
  if (token.tokenType === t.LineEnd || !Number.isFinite(token.startOffset)) return "the end of the statement";
  if (token.tokenType === t.Unreadable) return "something nested too deeply";
  const text = token.image.length > 40 ? `${token.image.slice(0, 39)}…` : token.image;
  return `\`${text.replace(/[\r\n]+/g, " ")}\``;
}
