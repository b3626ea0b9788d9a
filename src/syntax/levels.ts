/** The brackets that are open, and how much hangs together inside them: the bounds that keep the parser's own recursion bounded. */
import type { IToken, TokenType } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";

/** Brackets, arrow functions and `?` inside one another. */
export const maximumNesting = 64;
/** Operators, members and calls that hang on one another. */
export const maximumLinks = 500;

export interface Level {
  readonly opener: IToken | undefined;
  /** Index of the token before the opener, among the tokens that came out. */
  readonly before: number;
  links: number;
  nests: number;
}

export const closers: ReadonlyMap<TokenType, TokenType> = new Map<TokenType, TokenType>([
  [t.LeftParenthesis, t.RightParenthesis],
  [t.LeftOfParameters, t.RightParenthesis],
  [t.LeftBracket, t.RightBracket],
  [t.LeftBrace, t.RightBrace],
]);
export const closing: ReadonlySet<TokenType> = new Set<TokenType>(closers.values());
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

export class Levels {
  private readonly levels: Level[] = [{ opener: undefined, before: -1, links: 0, nests: 0 }];
  private links = 0;
  private nests = 0;

  /** One more than there are open brackets. */
  get depth(): number {
    return this.levels.length;
  }

  innermost(): Level {
    return this.levels.at(-1) as Level;
  }

  /** The bracket that opened the level of this depth. */
  openerAt(depth: number): IToken | undefined {
    return this.levels[depth - 1]?.opener;
  }

  openersFrom(depth: number): IToken[] {
    return this.levels.slice(depth).map((level) => level.opener as IToken);
  }

  enter(opener: IToken, before: number): void {
    this.levels.push({ opener, before, links: 0, nests: 0 });
  }

  leave(): Level & { opener: IToken } {
    const level = this.levels.pop() as Level & { opener: IToken };
    this.reset(level);
    return level;
  }

  link(): void {
    this.innermost().links++;
    this.links++;
  }

  count(type: TokenType): void {
    if (links.has(type)) this.link();
    else if (nests.has(type)) {
      this.innermost().nests++;
      this.nests++;
    } else if (type === t.Comma) this.reset(this.innermost());
  }

  /** Behind a comma or the end of a statement nothing hangs on what was before. */
  reset(level: Level): void {
    this.links -= level.links;
    this.nests -= level.nests;
    level.links = 0;
    level.nests = 0;
  }

  areTooLong(): boolean {
    return this.links >= maximumLinks;
  }

  /** Whether a token of this type would go beyond the bounds. */
  areTooDeep(type: TokenType, behindOperand: boolean): boolean {
    const opens = closers.has(type);
    const nest = nests.has(type);
    if (!opens && !nest && !links.has(type)) return false;
    if (this.areTooLong() && !(opens && !behindOperand)) return true;
    return (opens || nest) && this.levels.length - 1 + this.nests >= maximumNesting;
  }
}
