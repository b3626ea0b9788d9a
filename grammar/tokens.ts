/** The tokens of a policy file. Words and marks that policies do not use are tokens too, so that we can say what to write instead. */
import { createToken, Lexer, type TokenType } from "chevrotain";
import { blockCommentPattern, makeRegularExpressionPattern, stringPattern, templatePattern } from "./scan.ts";

/** Every token but brackets and the ends of statements. */
export const Anything = createToken({ name: "Anything", pattern: Lexer.NA });
/** Whatever may follow a `.` or name a property: any word, keywords included. */
export const Name = createToken({ name: "Name", pattern: Lexer.NA, label: "a name", categories: [Anything] });
/** What cannot begin a value: in a list it can only be a mistake. */
export const Misplaced = createToken({ name: "Misplaced", pattern: Lexer.NA, categories: [Anything] });
/** A `;`, or the end of a line where TypeScript would put one. */
export const StatementEnd = createToken({ name: "StatementEnd", pattern: Lexer.NA, label: "the end of the statement" });
/** Two operands with one of these between them are a value. */
export const Operator = createToken({
  name: "Operator",
  pattern: Lexer.NA,
  label: "an operator",
  categories: [Misplaced],
});
/** What a type may be made of outside its brackets. */
export const TypePart = createToken({ name: "TypePart", pattern: Lexer.NA, label: "a type" });

const wordStart = "A-Za-z_$\\u00a1-\\uffff";
const wordPart = "0-9A-Za-z_$\\u00a1-\\uffff";

function word(name: string, words: readonly string[], categories: TokenType[] = [Name, TypePart]): TokenType {
  const pattern = new RegExp(`(?:${words.join("|")})(?![${wordPart}])`);
  return createToken({
    name,
    pattern,
    label: words.length === 1 ? `\`${words[0]}\`` : `one of \`${words.join("`, `")}\``,
    categories,
  });
}

function mark(
  name: string,
  pattern: string | RegExp,
  categories: TokenType[] = [],
  label = `\`${pattern}\``,
): TokenType {
  return createToken({ name, pattern, label, categories });
}

// Trivia
const WhiteSpace = createToken({
  name: "WhiteSpace",
  // Anything that shows as nothing separates tokens; what is not a plain space, tab or line end is reported beforehand.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  pattern: /[\t-\r \u0000-\u0008\u000e-\u001f\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/,
  group: Lexer.SKIPPED,
});
const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\n\r]*/, group: "comments" });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: blockCommentPattern,
  start_chars_hint: ["/"],
  line_breaks: true,
  group: "comments",
});
const Hashbang = createToken({ name: "Hashbang", pattern: /#![^\n\r]*/, group: "comments" });

// Words of the language
export const Import = word("Import", ["import"], [Name, TypePart, Misplaced]);
export const Export = word("Export", ["export"], [Name, TypePart, Misplaced]);
export const Const = word("Const", ["const"], [Name, TypePart, Misplaced]);
export const BooleanWord = word("BooleanWord", ["true", "false"]);
export const Identifier = createToken({
  name: "Identifier",
  pattern: new RegExp(`[${wordStart}][${wordPart}]*`),
  label: "a name",
  categories: [Name, TypePart],
});
export const As = word("As", ["as", "satisfies"], [Identifier]);
export const From = word("From", ["from"], [Identifier]);

// Words of TypeScript that policies do without
export const Let = word("Let", ["let", "var"], [Name, TypePart, Misplaced]);
export const FunctionWord = word("FunctionWord", ["function"]);
export const ClassWord = word("ClassWord", ["class"]);
export const Nothing = word("Nothing", ["null", "this", "super"]);
export const PrefixWord = word("PrefixWord", ["typeof", "void", "delete", "await", "new", "yield"]);
export const OperatorWord = word("OperatorWord", ["in", "instanceof"], [Name, TypePart, Operator]);
export const StatementWord = word(
  "StatementWord",
  [
    "if",
    "else",
    "for",
    "while",
    "do",
    "switch",
    "case",
    "default",
    "try",
    "catch",
    "finally",
    "throw",
    "return",
    "break",
    "continue",
    "with",
    "debugger",
    "enum",
    "extends",
  ],
  [Name, TypePart, Misplaced],
);

// Words that are what they are only in their place: the layout finds them among the identifiers.
export const DeclarationWord = createToken({
  name: "DeclarationWord",
  pattern: Lexer.NA,
  label: "`type`",
  categories: [Name, TypePart, Misplaced],
});
export const TypeOnly = createToken({
  name: "TypeOnly",
  pattern: Lexer.NA,
  label: "`type`",
  categories: [Name, Misplaced],
});
export const Async = createToken({ name: "Async", pattern: Lexer.NA, label: "`async`", categories: [Name] });
export const Modifier = createToken({
  name: "Modifier",
  pattern: Lexer.NA,
  label: "`get`",
  categories: [Name, Misplaced],
});
export const LoneParameter = createToken({
  name: "LoneParameter",
  pattern: Lexer.NA,
  label: "a parameter",
  categories: [Name, TypePart],
});
export const DynamicImport = createToken({
  name: "DynamicImport",
  pattern: Lexer.NA,
  label: "`import`",
  categories: [Name],
});

// Literals
export const StringText = createToken({
  name: "StringText",
  pattern: stringPattern,
  start_chars_hint: ['"', "'"],
  line_breaks: true,
  label: "a string",
  categories: [Anything, TypePart],
});
export const Numeric = createToken({
  name: "Numeric",
  pattern: /0[xXoObB][0-9A-Za-z_$]*|\.?[0-9](?:[eE][+-](?=[0-9])|[0-9A-Za-z_$.])*/,
  label: "a number",
  categories: [Anything, TypePart],
});
export const Template = createToken({
  name: "Template",
  pattern: templatePattern,
  start_chars_hint: ["`"],
  line_breaks: true,
  label: "a template",
  categories: [Anything, TypePart],
});

// Brackets
export const LeftParenthesis = mark("LeftParenthesis", "(");
export const RightParenthesis = mark("RightParenthesis", ")");
export const LeftBracket = mark("LeftBracket", "[");
export const RightBracket = mark("RightBracket", "]");
export const LeftBrace = mark("LeftBrace", "{");
export const RightBrace = mark("RightBrace", "}");
/** The `(` that opens the parameters of an arrow function. */
export const LeftOfParameters = createToken({ name: "LeftOfParameters", pattern: Lexer.NA, label: "`(`" });

// Marks
export const Comma = mark("Comma", ",", [Anything]);
export const Semicolon = mark("Semicolon", ";", [StatementEnd]);
/** A `;` between brackets ends nothing. */
export const InnerSemicolon = createToken({
  name: "InnerSemicolon",
  pattern: Lexer.NA,
  label: "`;`",
  categories: [Misplaced],
});
/** The end of a line where TypeScript would put a `;`, or the end of the file. It has no text. */
export const LineEnd = createToken({
  name: "LineEnd",
  pattern: Lexer.NA,
  label: "the end of the line",
  categories: [StatementEnd],
});
export const Arrow = mark("Arrow", "=>", [Misplaced]);
export const Equals = mark("Equals", "=", [Misplaced]);
export const Colon = mark("Colon", ":", [Misplaced]);
export const Question = mark("Question", "?", [Misplaced]);
export const Spread = mark("Spread", "...", [Anything]);
export const OptionalDot = mark("OptionalDot", /\?\.(?![0-9])/, [Misplaced], "`?.`");
export const Dot = mark("Dot", ".", [Misplaced, TypePart]);
export const Not = mark("Not", "!", [Anything]);
/** `&& || === !== <= >=` */
export const Comparison = mark("Comparison", /&&(?!=)|\|\|(?!=)|===|!==|<=|>=/, [Operator], "an operator");
export const Less = mark("Less", "<", [Operator]);
export const Greater = mark("Greater", ">", [Operator]);
export const Sign = mark("Sign", /[-+](?![-+=])/, [Operator, Anything], "`-`");
export const Tilde = mark("Tilde", "~", [Anything]);
export const Step = mark("Step", /\+\+|--/, [Anything], "`++`");
export const Star = mark("Star", /\*(?![*=])/, [Operator], "`*`");
export const Bar = mark("Bar", /[|&](?![|&=])/, [Operator, TypePart], "`|`");
export const Assignment = mark("Assignment", /(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])=/, [Misplaced], "`+=`");
/** Arithmetic, bits, loose equality and `??`. */
export const OtherOperator = mark("OtherOperator", /==|!=|\?\?|\*\*|<<|>>>?|[/%^]/, [Operator], "an operator");
export const At = mark("At", /[@#]/, [Misplaced], "`@`");

/** `<…>` around type arguments or a cast, folded into one token by the layout. */
export const TypeBrackets = createToken({
  name: "TypeBrackets",
  pattern: Lexer.NA,
  label: "type arguments",
  categories: [Anything, TypePart],
});
/** Stands for what is nested too deeply to be read. */
export const Unreadable = createToken({
  name: "Unreadable",
  pattern: Lexer.NA,
  label: "a value",
  categories: [Anything, TypePart],
});

/** After one of these a value is complete: a `/` divides, and a line may end. */
export const operandEnds: ReadonlySet<TokenType> = new Set([
  BooleanWord,
  Identifier,
  As,
  From,
  Nothing,
  StringText,
  Numeric,
  Template,
  RightParenthesis,
  RightBracket,
  RightBrace,
  Step,
]);

export const RegularExpression = createToken({
  name: "RegularExpression",
  pattern: makeRegularExpressionPattern((token) => operandEnds.has(token.tokenType)),
  start_chars_hint: ["/"],
  line_breaks: false,
  label: "a regular expression",
  categories: [Anything],
});

/** In the order in which the lexer tries them: the longer before the shorter, words before identifiers. */
export const tokenTypes: TokenType[] = [
  WhiteSpace,
  LineComment,
  BlockComment,
  Hashbang,
  Import,
  Export,
  Const,
  BooleanWord,
  As,
  From,
  Let,
  FunctionWord,
  ClassWord,
  Nothing,
  PrefixWord,
  OperatorWord,
  StatementWord,
  Identifier,
  StringText,
  Numeric,
  Template,
  RegularExpression,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Semicolon,
  Arrow,
  Comparison,
  Assignment,
  OtherOperator,
  Equals,
  Colon,
  OptionalDot,
  Question,
  Spread,
  Dot,
  Not,
  Less,
  Greater,
  Step,
  Sign,
  Tilde,
  Star,
  Bar,
  At,
  Anything,
  Name,
  Misplaced,
  StatementEnd,
  Operator,
  TypePart,
  DeclarationWord,
  TypeOnly,
  Async,
  Modifier,
  LoneParameter,
  DynamicImport,
  LeftOfParameters,
  InnerSemicolon,
  LineEnd,
  TypeBrackets,
  Unreadable,
];

export const lexer = new Lexer(tokenTypes, {
  positionTracking: "onlyOffset",
  ensureOptimizations: true,
  // The tests build this lexer with validation on.
  skipValidations: true,
});
