/**
 * Settles among the tokens what the grammar need not know: where statements end without `;`, which brackets belong together,
 * which `(` opens the parameters of an arrow function, and that nothing is nested deeper than we are ready to read.
 * Afterwards brackets are balanced, so the parser neither runs away nor recurses without bound.
 */
import { createTokenInstance, type IToken, type TokenType, tokenMatcher } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import { type Reader, safeFix } from "./reader.ts";
import { opensArrow } from "./retag.ts";

/** Brackets, arrow functions and `?` inside one another. */
export const maximumNesting = 64;
/** Operators, members and calls that hang on one another. */
export const maximumLinks = 500;

interface Level {
  readonly opener: IToken | undefined;
  /** Index of the token before the opener, among the tokens that came out. */
  readonly before: number;
  links: number;
  nests: number;
}

const closers = new Map<TokenType, TokenType>([
  [t.LeftParenthesis, t.RightParenthesis],
  [t.LeftOfParameters, t.RightParenthesis],
  [t.LeftBracket, t.RightBracket],
  [t.LeftBrace, t.RightBrace],
]);
const closing = new Set<TokenType>(closers.values());
const links = new Set<TokenType>([
  t.Dot,
  t.OptionalDot,
  t.Not,
  t.Sign,
  t.Tilde,
  t.Step,
  t.PrefixWord,
  t.As,
  t.TypeBrackets,
  t.Template,
  t.Comparison,
  t.Less,
  t.Greater,
  t.Star,
  t.Bar,
  t.OtherOperator,
  t.OperatorWord,
  t.FunctionWord,
  t.ClassWord,
]);
const nests = new Set<TokenType>([t.Arrow, t.Question, t.Equals, t.Assignment]);
/** At the beginning of a line these go on with the statement before, as in TypeScript. */
const continuing = new Set<TokenType>([
  t.LeftParenthesis,
  t.LeftOfParameters,
  t.LeftBracket,
  t.Dot,
  t.OptionalDot,
  t.Comparison,
  t.Less,
  t.Greater,
  t.Sign,
  t.Star,
  t.Bar,
  t.OtherOperator,
  t.OperatorWord,
  t.Assignment,
  t.Equals,
  t.Question,
  t.Colon,
  t.Comma,
  t.Arrow,
  t.Template,
  t.Semicolon,
  t.TypeBrackets,
]);
const beginning = new Set<TokenType>([t.Import, t.Export, t.Const, t.Let]);
/** Statements whose `{` may stand on a line of its own. */
const braced = new Set<TokenType>([
  t.StatementWord,
  t.DeclarationWord,
  t.FunctionWord,
  t.ClassWord,
  t.Import,
  t.Export,
  t.At,
  t.PrefixWord,
]);
const endingWords = new Set(["return", "break", "continue", "debugger"]);
const goingOnWords = new Set(["else", "catch", "finally", "extends"]);

export class Layout {
  private readonly reader: Reader;
  private readonly input: readonly IToken[];
  private readonly output: IToken[] = [];
  private readonly levels: Level[] = [{ opener: undefined, before: -1, links: 0, nests: 0 }];
  private statement: IToken | undefined;
  private linkTotal = 0;
  private nestTotal = 0;
  private tooDeep = false;

  constructor(reader: Reader, input: readonly IToken[]) {
    this.reader = reader;
    this.input = input;
  }

  run(): IToken[] {
    const { input } = this;
    for (let at = 0; at < input.length; at++) {
      const token = input[at] as IToken;
      this.endStatementBefore(token, at);
      const type = token.tokenType;
      if (this.isTooDeep(type)) {
        at = this.skipFrom(at) - 1;
        continue;
      }
      if (closers.has(type)) this.open(token);
      else if (closing.has(type)) {
        if (!this.close(token, at)) continue;
      } else if (type === t.Semicolon) this.semicolon(token, at);
      else this.count(type);
      this.push(token);
    }
    this.closeAll(this.endOfOutput());
    if (this.statement) this.push(this.lineEnd());
    return this.output;
  }

  private push(token: IToken): void {
    this.output.push(token);
    if (this.levels.length > 1) return;
    if (tokenMatcher(token, t.StatementEnd)) {
      this.statement = undefined;
      this.reset(this.levels[0] as Level);
    } else this.statement ??= token;
  }

  private level(): Level {
    return this.levels.at(-1) as Level;
  }

  private endOfOutput(): number {
    const last = this.output.at(-1);
    return last ? (last.endOffset as number) + 1 : 0;
  }

  private lineEnd(): IToken {
    return this.invent(t.LineEnd, this.endOfOutput());
  }

  private invent(type: TokenType, at: number): IToken {
    return createTokenInstance(type, "", at, at - 1, 0, 0, 0, 0);
  }

  // Statements

  private endStatementBefore(token: IToken, at: number): void {
    const last = this.output.at(-1);
    if (last === undefined) return;
    const type = token.tokenType;
    if (this.levels.length > 1) {
      if (beginning.has(type) && this.beginsStatement(token, at)) {
        this.closeAll(this.endOfOutput());
        this.push(this.lineEnd());
      }
      return;
    }
    if (this.statement === undefined) return;
    const newLine = this.hasLineBreak(last, token);
    if (newLine) {
      if (this.endsStatement(last) && !this.goesOn(token)) this.push(this.lineEnd());
    } else if (
      beginning.has(type) &&
      this.endsStatement(last) &&
      last.tokenType !== t.As &&
      last.image !== "declare" &&
      last.image !== "declare" &&
      !this.isBracedStatement()
    ) {
      const end = this.endOfOutput();
      this.reader.report(
        "WRIT1023",
        this.reader.spanOf(token),
        {},
        safeFix("end the statement before", this.reader.edit(end, end, ";")),
      );
      this.push(this.lineEnd());
    }
  }

  private isBracedStatement(): boolean {
    const type = this.statement?.tokenType;
    return type !== undefined && braced.has(type) && type !== t.Import && type !== t.Export;
  }

  private hasLineBreak(last: IToken, token: IToken): boolean {
    for (let at = (last.endOffset as number) + 1; at < token.startOffset; at++) {
      const unit = this.reader.text.charCodeAt(at);
      if (unit === 10 || unit === 13) return true;
    }
    return false;
  }

  private endsStatement(last: IToken): boolean {
    const type = last.tokenType;
    if (type === t.StatementWord) return endingWords.has(last.image);
    return (
      (t.operandEnds as ReadonlySet<TokenType>).has(type) ||
      type === t.RegularExpression ||
      type === t.Not ||
      type === t.Unreadable ||
      type === t.TypeBrackets
    );
  }

  private goesOn(token: IToken): boolean {
    const type = token.tokenType;
    if (continuing.has(type)) return true;
    const opening = this.statement?.tokenType;
    if (type === t.LeftBrace) return opening !== undefined && braced.has(opening);
    if (type === t.From) return opening === t.Import || opening === t.Export;
    if (type === t.StringText) return opening === t.Import && this.output.at(-1)?.tokenType === t.From;
    return type === t.StatementWord && goingOnWords.has(token.image);
  }

  /** A word that only begins statements, at the very beginning of a line: whatever is still open was never closed. */
  private beginsStatement(token: IToken, at: number): boolean {
    const before = this.reader.text.charCodeAt(token.startOffset - 1);
    if (before !== 10 && before !== 13) return false;
    const last = this.output.at(-1)?.tokenType;
    if (last === t.Dot || last === t.As) return false;
    const next = this.input[at + 1]?.tokenType;
    return next !== t.Colon && next !== t.LeftParenthesis && next !== t.Comma;
  }

  private semicolon(token: IToken, at: number): void {
    if (this.levels.length === 1) return;
    const { opener, before } = this.level();
    const word = this.output[before];
    const inLoop = word?.tokenType === t.StatementWord && word.image === "for";
    if (opener?.tokenType !== t.LeftBrace && !inLoop && this.endsLine(token, at))
      this.closeTo(this.lastBrace(), this.endOfOutput());
    if (this.levels.length > 1) {
      retype(token, t.InnerSemicolon);
      this.reset(this.level());
    }
  }

  private endsLine(token: IToken, at: number): boolean {
    const next = this.input[at + 1];
    return next === undefined || this.hasLineBreak(token, next);
  }

  /** How many levels are open up to the innermost `{`. */
  private lastBrace(): number {
    for (let depth = this.levels.length; depth > 1; depth--) {
      if (this.levels[depth - 1]?.opener?.tokenType === t.LeftBrace) return depth;
    }
    return 1;
  }

  // Brackets

  private open(token: IToken): void {
    const last = this.output.at(-1);
    if (last && t.operandEnds.has(last.tokenType)) this.link(this.level());
    this.levels.push({ opener: token, before: this.output.length - 1, links: 0, nests: 0 });
  }

  /** False where there is nothing that the bracket closes. */
  private close(token: IToken, at: number): boolean {
    let depth = this.levels.length;
    while (depth > 1 && closerAt(this.levels[depth - 1] as Level) !== token.tokenType) depth--;
    if (depth === 1) {
      const { start, end } = this.reader.spanOf(token);
      this.reader.report(
        "WRIT1022",
        this.reader.span(start, end),
        { bracket: token.image },
        safeFix("remove it", this.reader.edit(start, end, "")),
      );
      return false;
    }
    this.closeTo(depth, this.endOfOutput());
    const { opener, before } = this.leave();
    if (opener.tokenType === t.LeftParenthesis && opensArrow(this.input, at)) {
      retype(opener, t.LeftOfParameters);
      const word = this.output[before];
      if (word?.image === "async" && word.tokenType === t.Identifier) retype(word, t.Async);
    }
    return true;
  }

  private leave(): Level & { opener: IToken } {
    const level = this.levels.pop() as Level & { opener: IToken };
    this.reset(level);
    return level;
  }

  private closeAll(at: number): void {
    this.closeTo(1, at);
  }

  /** Closes what the author left open, and says so once, for the innermost of them. */
  private closeTo(depth: number, at: number): void {
    if (this.levels.length <= depth) return;
    const open = this.levels.slice(depth).map((level) => level.opener as IToken);
    const innermost = open.at(-1) as IToken;
    const related = open
      .slice(0, -1)
      .slice(-3)
      .map((opener) => ({ span: this.reader.spanOf(opener), message: `\`${opener.image}\` is still open too` }));
    this.reader.report("WRIT1021", this.reader.spanOf(innermost), { bracket: innermost.image }, { related });
    while (this.levels.length > depth) {
      const { opener } = this.leave();
      this.push(this.invent(closers.get(opener.tokenType) as TokenType, at));
      this.reader.faults.push(at);
    }
  }

  // Depth: what is deeper than the bounds is left out, so that the parser's own recursion is bounded.

  private link(level: Level): void {
    level.links++;
    this.linkTotal++;
  }

  private count(type: TokenType): void {
    const level = this.level();
    if (links.has(type)) this.link(level);
    else if (nests.has(type)) {
      level.nests++;
      this.nestTotal++;
    } else if (type === t.Comma) this.reset(level);
  }

  private reset(level: Level): void {
    this.linkTotal -= level.links;
    this.nestTotal -= level.nests;
    level.links = 0;
    level.nests = 0;
  }

  private isTooDeep(type: TokenType): boolean {
    const opens = closers.has(type);
    if (!opens && !nests.has(type) && !links.has(type)) return false;
    if (this.linkTotal >= maximumLinks && !(opens && !this.endsOperand())) return true;
    return (opens || nests.has(type)) && this.levels.length - 1 + this.nestTotal >= maximumNesting;
  }

  private endsOperand(): boolean {
    const last = this.output.at(-1);
    return last !== undefined && t.operandEnds.has(last.tokenType);
  }

  /** Leaves out everything up to the next `,`, closing bracket or statement; returns where to go on. */
  private skipFrom(from: number): number {
    const token = this.input[from] as IToken;
    if (!this.tooDeep) {
      this.tooDeep = true;
      const span = this.reader.spanOf(token);
      if (this.linkTotal >= maximumLinks) this.reader.report("WRIT1007", span, { limit: maximumLinks });
      else this.reader.report("WRIT1006", span, { limit: maximumNesting });
    }
    if (!this.endsOperand()) this.push(this.invent(t.Unreadable, token.startOffset));
    let open = 0;
    let at = from;
    for (; at < this.input.length; at++) {
      const next = this.input[at] as IToken;
      const type = next.tokenType;
      if (closers.has(type)) open++;
      else if (closing.has(type)) {
        if (open === 0) break;
        open--;
      } else if (open === 0 && (type === t.Comma || type === t.Semicolon)) break;
      if (at > from && beginning.has(type) && this.beginsStatement(next, at)) break;
    }
    return at;
  }
}

export function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx as number;
}

function closerAt(level: Level): TokenType | undefined {
  return level.opener && closers.get(level.opener.tokenType);
}
