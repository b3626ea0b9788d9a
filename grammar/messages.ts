/** What the parser says of a token that does not fit: only what it expected, in words that `src/syntax` puts into a sentence. */
import { type IParserErrorMessageProvider, tokenLabel } from "chevrotain";

/** What a rule expects where none of its alternatives fits. */
const expected: Readonly<Record<string, string>> = {
  importDeclaration: '`{` or the module, as in `import { scopes } from "writ"`',
  importClause: '`{`, as in `import { scopes } from "writ"`',
  arrow: "an expression",
  parameter: "the name of a parameter",
  key: "the name of a property",
};

export const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected: type }) => tokenLabel(type),
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ ruleName }) => expected[ruleName] ?? "a value",
  buildEarlyExitMessage: () => "a name",
};
