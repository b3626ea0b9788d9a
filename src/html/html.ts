/** HTML that is safe by construction: whatever stands in a template and is not HTML itself is text, shown and escaped. */
import { visible } from "../diagnostics/index.ts";

/** Of what `html` made, or of letters and digits that are ours. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | undefined | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** What stays as it is: most names, all digests; an estate of a thousand gateways has many of them. */
const PLAIN = /^[\w .,:;/+=@()-]{0,400}$/;
/** Characters of an author's text that a page shows; a reason of a megabyte is no reason. */
const LONGEST = 400;

/**
 * A template whose text is escaped for element content and for quoted attributes alike (threats B21, P18: names from an estate are hostile).
 *
 * @example
 * html`<p title="${"a title"}">${"a < b"}</p>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0]!;
  for (const [index, part] of parts.entries()) text += textOf(part) + strings[index + 1]!;
  return new Html(text);
}

/** Of names that people chose: kept apart, so that letters from right to left do not move what stands beside them. */
export function bdi(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}

export function join(parts: readonly Html[], between: string): Html {
  return new Html(parts.map(({ text }) => text).join(escaped(between)));
}

export const nothing: Html = new Html("");

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return PLAIN.test(part) ? part : escaped(visible(cut(part)));
  return part instanceof Html ? part.text : part.map(({ text }) => text).join("");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, LONGEST)} … (${grouped(text.length)} characters)`;
}

/** An amount for people, `1,000`: the same in every locale. Numbers by which something is called stay whole. */
export function grouped(value: number): string {
  return Number.isSafeInteger(value) ? String(value).replace(/\B(?=(?:\d{3})+$)/g, ",") : String(value);
}

/** A count with its noun: `1 gateway`, `1,000 gateways`. */
export function count(amount: number, noun: string, many = `${noun}s`): string {
  return `${grouped(amount)} ${amount === 1 ? noun : many}`;
}
