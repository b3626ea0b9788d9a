/** One file's text to its tree: characters, tokens, layout, grammar, tree. Never throws, whatever the text. */

import type { IToken } from "chevrotain";
import type { cst } from "../../grammar/index.ts";
import { PolicyParser, tokens } from "../../grammar/index.ts";
import { byPlace, type Diagnostic, type Result, report, type Source } from "../diagnostics/index.ts";
import { checkCharacters } from "./characters.ts";
import { checkComments } from "./comments.ts";
import { maximumBytes } from "./decode.ts";
import { readExpression } from "./expressions.ts";
import { Layout } from "./layout.ts";
import { checkTokens } from "./lexemes.ts";
import { Reader } from "./reader.ts";
import { reportFaults } from "./recovery.ts";
import { retag } from "./retag.ts";
import { readProgram } from "./statements.ts";
import type { Tree } from "./tree.ts";

/** More than these in one file help nobody. */
export const maximumDiagnostics = 100;

let parser: PolicyParser | undefined;

/**
 * @example const { value: tree, diagnostics } = parse({ path: "orders.policy.ts", text: 'import { scopes } from "writ";' })
 */
export function parse(source: Source): Result<Tree> {
  const reader = new Reader(source, readExpression);
  const empty: Tree = { kind: "tree", source, complete: false, imports: [], statements: [] };
  if (source.text.length > maximumBytes) {
    reader.report("WRIT1004", reader.span(0, 0), { limit: maximumBytes });
    return { value: empty, diagnostics: reader.diagnostics };
  }
  const { tokens: lexed, groups, errors } = tokens.lexer.tokenize(source.text);
  const comments = groups.comments ?? [];
  for (const token of lexed) withEnd(token);
  for (const comment of comments) withEnd(comment);
  checkCharacters(reader, lexed, comments);
  checkComments(reader, comments);
  checkTokens(reader, lexed, errors);
  const shaped = new Layout(reader, retag(lexed, source.text)).run();

  parser ??= new PolicyParser();
  parser.input = shaped;
  const program = parser.program() as cst.ProgramCstNode;
  reportFaults(reader, parser.errors);
  const read = readProgram(reader, program, comments);
  const value: Tree = { ...empty, ...read, complete: reader.diagnostics.length === 0 };
  return { value, diagnostics: limited(reader.diagnostics, source) };
}

/** The lexer tells where tokens begin; the rest follows from their text. */
function withEnd(token: IToken): void {
  token.endOffset = token.startOffset + token.image.length - 1;
}

function limited(diagnostics: Diagnostic[], source: Source): Diagnostic[] {
  diagnostics.sort(byPlace);
  if (diagnostics.length <= maximumDiagnostics) return diagnostics;
  const kept = diagnostics.slice(0, maximumDiagnostics);
  const end = source.text.length;
  return [...kept, report("WRIT1005", { path: source.path, start: end, end }, { limit: maximumDiagnostics })];
}
