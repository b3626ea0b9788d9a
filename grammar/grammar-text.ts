/** The grammar as text, for the reference: one line per rule, taken from the real parser. */
import type { ISerializedGast, TokenType } from "chevrotain";
import { tokenTypes } from "./tokens.ts";

/** A production of the serialised grammar, as far as it is printed and drawn. */
export interface Production {
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly Production[];
  readonly separator?: Production;
  readonly nonTerminalName?: string;
}

const begin = "<!-- grammar:start -->";
const end = "<!-- grammar:end -->";
const columns = 118;

/** The reference with its generated part renewed. */
export function readme(text: string, grammar: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return text;
  return `${text.slice(0, from + begin.length)}\n${grammar}${text.slice(to)}`;
}

export function grammarText(rules: readonly ISerializedGast[]): string {
  const lines = (rules as unknown as Production[]).map((rule) =>
    wrap(`${rule.name} = ${sequence(rule.definition ?? [])} ;`),
  );
  return [
    "",
    "```ebnf",
    ...lines,
    "```",
    "",
    "Tokens that stand for more than themselves:",
    "",
    ...tokenTable(),
    "",
  ].join("\n");
}

function wrap(line: string): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const at = rest.lastIndexOf(" ", columns);
    if (at <= 4) break;
    lines.push(rest.slice(0, at));
    rest = `    ${rest.slice(at + 1)}`;
  }
  return [...lines, rest].join("\n");
}

function sequence(parts: readonly Production[]): string {
  return parts.map(print).join(" ");
}

function print(node: Production): string {
  const inside = node.definition ?? [];
  switch (node.type) {
    case "NonTerminal":
      return node.name ?? "";
    case "Terminal":
      return terminal(node);
    case "Option":
      return `[ ${sequence(inside)} ]`;
    case "Repetition":
      return `{ ${sequence(inside)} }`;
    case "RepetitionMandatory":
      return `${sequence(inside)} { ${sequence(inside)} }`;
    case "RepetitionWithSeparator":
      return `[ ${separated(node)} ]`;
    case "RepetitionMandatoryWithSeparator":
      return separated(node);
    case "Alternation":
      return inside.length === 1 ? sequence(inside) : `( ${inside.map(print).join(" | ")} )`;
    default:
      return sequence(inside);
  }
}

function separated(node: Production): string {
  const inside = sequence(node.definition ?? []);
  return `${inside} { ${node.separator ? terminal(node.separator) : ""} ${inside} }`;
}

/** A token that is always the same text is shown as that text. */
export function terminal(node: Production): string {
  const text = /^`([^`]+)`$/.exec(node.label ?? "")?.[1];
  const type = tokenTypes.find((each) => each.name === node.name);
  return text !== undefined && type !== undefined && isFixed(type, text) ? `"${text}"` : (node.name ?? "");
}

function isFixed(type: TokenType, text: string): boolean {
  const { PATTERN: pattern } = type;
  if (typeof pattern === "string") return pattern === text;
  return (
    pattern instanceof RegExp &&
    new RegExp(`^(?:${pattern.source})$`).test(text) &&
    !pattern.source.includes("|") &&
    !/^(?:\[[^\]]{2,}\])/.test(pattern.source)
  );
}

const meanings: Readonly<Record<string, string>> = {
  Anything: "any token but brackets and the ends of statements",
  Assignment: "an assignment operator other than `=`",
  At: "`@` or `#`",
  Async: "`async` before an arrow function",
  DeclarationWord: "`type`, `interface`, `namespace`, `module`, `declare`, `abstract`, `using` before a name",
  DynamicImport: "`import` before `(` or `.`",
  Identifier: "a letter, `_` or `$`, and then letters, digits, `_`, `$`; ASCII",
  LeftOfParameters: "the `(` that opens the parameters of an arrow function",
  LineEnd: "the end of a line where TypeScript would put a `;`, or the end of the file",
  LoneParameter: "a name before `=>`",
  Misplaced: "any token that cannot begin a value",
  Modifier: "`get`, `set`, `static`, `async`, `readonly` before a key",
  Name: "an identifier or any word of TypeScript",
  Numeric: "a number",
  Operator: "an operator between two values",
  RegularExpression: "a regular expression",
  Sign: "`+` or `-`",
  StatementEnd: "`;` or LineEnd",
  Step: "`++` or `--`",
  StringText: "a string in double or single quotes",
  Template: "a template, from its first to its last backtick",
  TypeBrackets: "type arguments or a cast, from `<` to `>`",
  TypeOnly: "`type` in an import",
  TypePart: "what a type may be made of outside brackets",
  Unreadable: "what is nested too deeply",
};

function tokenTable(): string[] {
  const rows = tokenTypes.flatMap((type) => {
    const meaning = meanings[type.name] ?? oneOf(type);
    return meaning === undefined ? [] : [`| ${type.name} | ${meaning} |`];
  });
  return ["| token | is |", "|---|---|", ...rows.sort()];
}

function oneOf(type: TokenType): string | undefined {
  const { LABEL: label = "" } = type;
  return label.startsWith("one of ") ? label.slice("one of ".length) : undefined;
}
