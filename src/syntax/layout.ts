/**
 * Settles among the tokens what the grammar need not know: where statements end without `;`, which brackets belong together,
 * which `(` opens the parameters of an arrow function, and that nothing is nested deeper than we are ready to read.
 * Afterwards brackets are balanced, so the parser neither runs away nor recurses without bound.
 */
import { createTokenInstance, type IToken, type TokenType, tokenMatcher } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";
import { closers, closing, Levels, maximumLinks, maximumNesting } from "./levels.ts";
import { type Reader, safeFix } from "./reader.ts";
import { opensArrow } from "./retag.ts";

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
  private readonly levels = new Levels();
  private statement: IToken | undefined;
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
      if (this.levels.areTooDeep(type, this.endsOperand())) {
        at = this.skipFrom(at) - 1;
        continue;
      }
      if (closers.has(type)) this.open(token);
      else if (closing.has(type)) {
        if (!this.close(token, at)) continue;
      } else if (type === t.Semicolon) this.semicolon(token, at);
      else this.levels.count(type);
      this.push(token);
    }
    this.closeAll(this.endOfOutput());
    if (this.statement) this.push(this.lineEnd());
    return this.output;
  }

  private push(token: IToken): void {
    this.output.push(token);
    if (this.levels.depth > 1) return;
    if (tokenMatcher(token, t.StatementEnd)) {
      this.statement = undefined;
      this.levels.reset(this.levels.innermost());
    } else this.statement ??= token;
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
    if (this.levels.depth > 1) {
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
    if (this.levels.depth === 1) return;
    const { opener, before } = this.levels.innermost();
    const word = this.output[before];
    const inLoop = word?.tokenType === t.StatementWord && word.image === "for";
    if (opener?.tokenType !== t.LeftBrace && !inLoop && this.endsLine(token, at))
      this.closeTo(this.lastBrace(), this.endOfOutput());
    if (this.levels.depth > 1) {
      retype(token, t.InnerSemicolon);
      this.levels.reset(this.levels.innermost());
    }
  }

  private endsLine(token: IToken, at: number): boolean {
    const next = this.input[at + 1];
    return next === undefined || this.hasLineBreak(token, next);
  }

  /** How many levels are open up to the innermost `{`. */
  private lastBrace(): number {
    for (let depth = this.levels.depth; depth > 1; depth--) {
      if (this.levels.openerAt(depth)?.tokenType === t.LeftBrace) return depth;
    }
    return 1;
  }

  // Brackets

  private open(token: IToken): void {
    const last = this.output.at(-1);
    if (last && t.operandEnds.has(last.tokenType)) this.levels.link();
    this.levels.enter(token, this.output.length - 1);
  }

  /** False where there is nothing that the bracket closes. */
  private close(token: IToken, at: number): boolean {
    let depth = this.levels.depth;
    while (depth > 1 && closerOf(this.levels.openerAt(depth)) !== token.tokenType) depth--;
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
    const { opener, before } = this.levels.leave();
    if (opener.tokenType === t.LeftParenthesis && opensArrow(this.input, at)) {
      retype(opener, t.LeftOfParameters);
      const word = this.output[before];
      if (word?.image === "async" && word.tokenType === t.Identifier) retype(word, t.Async);
    }
    return true;
  }

  private closeAll(at: number): void {
    this.closeTo(1, at);
  }

  /** Closes what the author left open, and says so once, for the innermost of them. */
  private closeTo(depth: number, at: number): void {
    if (this.levels.depth <= depth) return;
    const open = this.levels.openersFrom(depth);
    const innermost = open.at(-1) as IToken;
    const related = open
      .slice(0, -1)
      .slice(-3)
      .map((opener) => ({ span: this.reader.spanOf(opener), message: `\`${opener.image}\` is still open too` }));
    this.reader.report("WRIT1021", this.reader.spanOf(innermost), { bracket: innermost.image }, { related });
    while (this.levels.depth > depth) {
      const { opener } = this.levels.leave();
      this.push(this.invent(closers.get(opener.tokenType) as TokenType, at));
      this.reader.faults.push(at);
    }
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
      if (this.levels.areTooLong()) this.reader.report("WRIT1007", span, { limit: maximumLinks });
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

function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx as number;
}

function closerOf(opener: IToken | undefined): TokenType | undefined {
  return opener && closers.get(opener.tokenType);
}
