/**
 * Makes hostile text harmless on a terminal: what moves the cursor, hides or reorders text is written as an escape
 * (Unicode UAX #36, "bidirectional text spoofing"), and the width of every character is known so that carets align.
 */

const tabWidth = 4;

/** Controls, formats (bidirectional, zero-width, tags), lone surrogates, unassigned, fillers, line and paragraph separators. */
const hidden = /\p{C}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u;
const narrow = /\p{Mark}/u;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** One character as it is shown, and how many columns it takes. */
export function visibleCharacter(character: string): { readonly text: string; readonly width: number } {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return { text: character, width: 1 };
  if (character === "\t") return { text: " ".repeat(tabWidth), width: tabWidth };
  if (hidden.test(character)) {
    const text = `\\u{${code.toString(16)}}`;
    return { text, width: text.length };
  }
  if (narrow.test(character)) return { text: character, width: 0 };
  return { text: character, width: wide.test(character) ? 2 : 1 };
}

/** A text of one line, safe to print. */
export function visible(text: string): string {
  let result = "";
  for (const character of text) result += visibleCharacter(character).text;
  return result;
}
