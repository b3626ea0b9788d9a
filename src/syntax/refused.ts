/** Words that begin what policies do without, each with the diagnostic that says what to write instead. */
import type { CstNode, IToken } from "chevrotain";
import { type Reader, safeFix } from "./reader.ts";

type Group = "branch" | "loop" | "exception" | "jump";

const groups: Readonly<Record<string, Group>> = {
  break: "jump",
  case: "branch",
  catch: "exception",
  continue: "jump",
  default: "branch",
  do: "loop",
  else: "branch",
  finally: "exception",
  for: "loop",
  if: "branch",
  return: "jump",
  switch: "branch",
  throw: "exception",
  try: "exception",
  while: "loop",
};

export function refuseWord(reader: Reader, token: IToken): void {
  const word = token.image;
  const span = reader.spanOf(token);
  const group = groups[word];
  if (group === "branch") reader.report("WRIT1211", span, { word });
  else if (group === "loop") reader.report("WRIT1212", span, { word });
  else if (group === "exception") reader.report("WRIT1213", span, { word });
  else if (group === "jump") reader.report("WRIT1214", span, { word });
  else refuseDeclarationWord(reader, token);
}

/** What begins a declaration other than `const`. */
export function refuseDeclarationWord(reader: Reader, token: IToken): void {
  const word = token.image;
  const span = reader.spanOf(token);
  if (word === "enum") reader.report("WRIT1208", span, {});
  else if (word === "type" || word === "interface") reader.report("WRIT1209", span, { word });
  else if (word === "namespace" || word === "module" || word === "declare") reader.report("WRIT1210", span, { word });
  else if (word === "class" || word === "abstract") reader.report("WRIT1207", span, {});
  else if (word === "function" || word === "async") reader.report("WRIT1206", span, {});
  else if (word === "using") {
    const fix = { title: "write `const`", safe: false, edits: [{ span, text: "const" }] };
    reader.report("WRIT1202", span, {}, { fix });
  } else reader.report("WRIT1218", span, { word });
}

export const declarationWords: ReadonlySet<string> = new Set([
  "abstract",
  "async",
  "class",
  "declare",
  "enum",
  "function",
  "interface",
  "module",
  "namespace",
  "type",
]);

export function refuseAnnotation(reader: Reader, node: CstNode): void {
  const span = reader.spanOf(node);
  // A space before the mark goes with it, the one before what follows stays.
  reader.report("WRIT1205", span, {}, safeFix("remove the type", reader.edit(span.start, span.end, "")));
}
