/**
 * Names in Markdown, as GitHub and GitLab read it: whatever an author chose stays one piece of code, in a table too. It starts no
 * markup, ends no cell, mentions nobody and links nowhere.
 */
import { visible } from "../diagnostics/index.ts";
import type { Part, Sentence } from "./words.ts";

/** Between two backticks all is as it stands, but for a backtick; a cell ends at a pipe, and how `\|` is read differs between readers. */
const PLAIN = /^[^`|\\\s](?:[^`|\\\r\n]*[^`|\\\s])?$/;

/** Characters of one name, once what hides is spelled out: each may become six. */
const LONGEST = 300;

export function code(name: string): string {
  const shown = shortened(name);
  if (PLAIN.test(shown)) return `\`${shown}\``;
  return `<code>${entities(shown)}</code>`;
}

export function marked(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : code(textOf(part)))).join("");
}

/** For a line that is HTML: there nothing is read as Markdown. */
export function markedUp(sentence: Sentence): string {
  return sentence
    .map((part) => (typeof part === "string" ? entities(part) : `<code>${entities(shortened(textOf(part)))}</code>`))
    .join("");
}

function shortened(name: string): string {
  const shown = visible(name);
  if (shown.length <= LONGEST) return shown;
  return `${shown.slice(0, LONGEST / 2).toWellFormed()}…${shown.slice(1 - LONGEST / 2).toWellFormed()}`;
}

function textOf(part: Exclude<Part, string>): string {
  return "words" in part ? part.words : part.name;
}

/** A character that is written as a number means only itself (CommonMark 0.31 §2.5). */
function entities(text: string): string {
  return Array.from(text, (character) =>
    /[A-Za-z0-9 ]/.test(character) ? character : `&#${character.codePointAt(0)};`,
  ).join("");
}
