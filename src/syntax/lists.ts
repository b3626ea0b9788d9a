/** Lists between brackets: what separates their entries, what is missing, what does not belong there. */
import type { CstNode, IToken } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import { endOf, firstToken, inOrder, isToken, type Reader, safeFix, startOf } from "./reader.ts";
import { nameOf } from "./recovery.ts";

/** Entries and commas take turns; a comma behind the last entry is fine. False where the entries are not what they seem. */
export function checkSeparators(
  reader: Reader,
  list: CstNode,
  entries: readonly CstNode[],
  commas: readonly IToken[],
  misplaced: readonly CstNode[],
): boolean {
  if (misplaced.length === 0 && alternate(entries, commas)) return true;
  if (reader.isFaulty(startOf(list), endOf(list))) return false;
  let last: "entry" | "comma" | "stray" | undefined;
  let lastEnd = startOf(list);
  const isEntry = new Set<CstNode | IToken>(entries);
  for (const node of inOrder<CstNode | IToken>(entries, commas, misplaced)) {
    const start = startOf(node);
    if (isToken(node)) {
      if (last === undefined || last === "comma") {
        const extra = safeFix("remove it", reader.edit(start, endOf(node), ""));
        reader.report("WRIT1026", reader.spanOf(node), {}, extra);
      }
      last = "comma";
    } else if (isEntry.has(node)) {
      if (last === "entry") {
        reader.report(
          "WRIT1024",
          reader.span(lastEnd, lastEnd),
          {},
          safeFix("write `,`", reader.edit(lastEnd, lastEnd, ",")),
        );
      }
      last = "entry";
    } else {
      if (last !== "stray") refuseStray(reader, node);
      last = "stray";
    }
    lastEnd = endOf(node);
  }
  return misplaced.length === 0;
}

function alternate(entries: readonly CstNode[], commas: readonly IToken[]): boolean {
  if (commas.length !== entries.length && commas.length !== entries.length - 1) return false;
  return commas.every((comma, index) => {
    const next = entries[index + 1];
    const isBehind = endOf(entries[index] as CstNode) <= comma.startOffset;
    return isBehind && (next === undefined || comma.startOffset < startOf(next));
  });
}

function refuseStray(reader: Reader, node: CstNode): void {
  const token = firstToken(node);
  if (!token) return;
  const span = reader.spanOf(token);
  if (token.tokenType === t.InnerSemicolon) {
    reader.report("WRIT1025", span, {}, safeFix("write `,`", reader.edit(span.start, span.end, ",")));
  } else reader.report("WRIT1028", span, { found: nameOf(token) });
}
