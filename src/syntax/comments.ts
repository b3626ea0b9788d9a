/** Comments are free, but for those that speak to an editor or a compiler, and the documentation of a declaration. */
import type { IToken } from "chevrotain";
import { type Reader, safeFix } from "./reader.ts";

const silencing = /@ts-(?:ignore|expect-error|nocheck)\b/;
const reference = /^\/\/\/\s*<(?:reference|amd-module|amd-dependency)\b/;

export function checkComments(reader: Reader, comments: readonly IToken[]): void {
  for (const comment of comments) {
    const { image } = comment;
    const span = reader.spanOf(comment);
    const remove = safeFix("remove it", reader.edit(span.start, span.end, ""));
    if (image.startsWith("#!")) reader.report("WRIT1013", span, {}, remove);
    else if (image.startsWith("/*") && (image.length < 4 || !image.endsWith("*/")))
      reader.report("WRIT1016", reader.span(span.start, span.start + 2), {});
    const directive = silencing.exec(image);
    if (directive) {
      const start = span.start + directive.index;
      // Not a safe fix: the errors that it hides come to light.
      const fix = { title: "remove the comment", safe: false, edits: [reader.edit(span.start, span.end, "")] };
      reader.report("WRIT1014", reader.span(start, start + directive[0].length), { directive: directive[0] }, { fix });
    }
    if (reference.test(image)) reader.report("WRIT1015", span, {}, remove);
  }
}

/** Gives the documentation that stands right before an offset; offsets are asked for in rising order. */
export function documentationFinder(
  comments: readonly IToken[],
): (offset: number, after: number) => string | undefined {
  let at = 0;
  return (offset, after) => {
    let found: string | undefined;
    while (at < comments.length && (comments[at] as IToken).startOffset < offset) {
      const { image, startOffset } = comments[at] as IToken;
      if (startOffset >= after && image.startsWith("/**") && image.length > 4) found = image;
      at++;
    }
    return found === undefined ? undefined : withoutMarks(found);
  };
}

function withoutMarks(image: string): string {
  return image
    .replace(/^\/\*\*|\*\/$/g, "")
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}
