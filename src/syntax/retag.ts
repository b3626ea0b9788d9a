/** Words and marks that are what they are only in their place: `type` before a name, `get` in an object, `<` around type arguments. */
import { createTokenInstance, type IToken, type TokenType, tokenMatcher } from "chevrotain";
import { tokens as t } from "../../grammar/index.ts";

/** As far as we look for the end of type arguments or of a return type. */
const reach = 64;

const declarationWords = new Set(["abstract", "declare", "interface", "module", "namespace", "type", "using"]);
const modifiers = new Set(["async", "get", "readonly", "set", "static"]);
const afterTypeArguments = new Set<TokenType>([
  t.LeftParenthesis,
  t.RightParenthesis,
  t.RightBracket,
  t.RightBrace,
  t.Comma,
  t.Semicolon,
  t.Colon,
  t.Equals,
  t.Bar,
  t.Arrow,
  t.Dot,
  t.Template,
  t.LeftBrace,
]);
const inTypes = new Set<TokenType>([
  t.Comma,
  t.Colon,
  t.Question,
  t.Arrow,
  t.Semicolon,
  t.LeftParenthesis,
  t.RightParenthesis,
  t.LeftBracket,
  t.RightBracket,
  t.LeftBrace,
  t.RightBrace,
]);
const opening = new Set<TokenType>([t.LeftParenthesis, t.LeftBracket, t.LeftBrace]);
const closing = new Set<TokenType>([t.RightParenthesis, t.RightBracket, t.RightBrace]);

export function retag(input: readonly IToken[], text: string): IToken[] {
  const output: IToken[] = [];
  for (let at = 0; at < input.length; at++) {
    const token = input[at] as IToken;
    const last = output.at(-1);
    if (token.tokenType === t.Less) {
      const end = endOfTypeArguments(input, at, last);
      if (end !== undefined) {
        const closer = input[end] as IToken;
        const stop = (closer.endOffset as number) + 1;
        output.push(
          createTokenInstance(
            t.TypeBrackets,
            text.slice(token.startOffset, stop),
            token.startOffset,
            stop - 1,
            0,
            0,
            0,
            0,
          ),
        );
        at = end;
        continue;
      }
    }
    const type = typeInPlace(input, at, last, text);
    if (type !== token.tokenType) {
      token.tokenType = type;
      token.tokenTypeIdx = type.tokenTypeIdx as number;
    }
    output.push(token);
  }
  return output;
}

function typeInPlace(input: readonly IToken[], at: number, last: IToken | undefined, text: string): TokenType {
  const token = input[at] as IToken;
  const next = input[at + 1];
  const type = token.tokenType;
  if (last?.tokenType === t.Dot) return tokenMatcher(token, t.Name) ? t.Identifier : type;
  if (type === t.Import)
    return next?.tokenType === t.LeftParenthesis || next?.tokenType === t.Dot ? t.DynamicImport : type;
  if (type === t.Identifier || type === t.As || type === t.From) {
    if (next?.tokenType === t.Arrow) {
      if (last?.image === "async" && last.tokenType === t.Identifier && sameLine(text, last, token)) {
        last.tokenType = t.Async;
        last.tokenTypeIdx = t.Async.tokenTypeIdx as number;
      }
      return t.LoneParameter;
    }
    if (type !== t.Identifier || !next || !sameLine(text, token, next)) return type;
    return ofWord(input, at, last, next, text);
  }
  return type;
}

function ofWord(input: readonly IToken[], at: number, last: IToken | undefined, next: IToken, text: string): TokenType {
  const { image } = input[at] as IToken;
  const isName = tokenMatcher(next, t.Name) && next.tokenType !== t.OperatorWord && next.tokenType !== t.As;
  if (image === "async" && next.tokenType === t.FunctionWord) return t.PrefixWord;
  if (image === "type" && last?.tokenType === t.Import) {
    const isDefault = next.tokenType === t.From && input[at + 2]?.tokenType === t.StringText;
    return (isName && !isDefault) || next.tokenType === t.LeftBrace || next.tokenType === t.Star
      ? t.TypeOnly
      : t.Identifier;
  }
  const inList = last?.tokenType === t.LeftBrace || last?.tokenType === t.Comma;
  if (image === "type" && inList && isName) return t.TypeOnly;
  if (modifiers.has(image) && inList && input[at + 2]?.tokenType !== t.Arrow) {
    const startsKey =
      isName || next.tokenType === t.StringText || next.tokenType === t.LeftBracket || next.tokenType === t.Star;
    if (startsKey) return t.Modifier;
  }
  if (
    declarationWords.has(image) &&
    (isName || next.tokenType === t.StringText) &&
    beginsStatement(last, input[at] as IToken, text)
  ) {
    return t.DeclarationWord;
  }
  return t.Identifier;
}

function beginsStatement(last: IToken | undefined, token: IToken, text: string): boolean {
  if (
    last === undefined ||
    last.tokenType === t.Semicolon ||
    last.tokenType === t.RightBrace ||
    last.tokenType === t.DeclarationWord
  )
    return true;
  return !sameLine(text, last, token) && (t.operandEnds.has(last.tokenType) || last.tokenType === t.LeftBrace);
}

function sameLine(text: string, a: IToken, b: IToken): boolean {
  for (let at = (a.endOffset as number) + 1; at < b.startOffset; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || unit === 13) return false;
  }
  return true;
}

/**
 * The index of the `>` that closes the `<` at `from`, where TypeScript reads type arguments or a cast: types only in
 * between, and behind it nothing that makes it a comparison.
 */
function endOfTypeArguments(input: readonly IToken[], from: number, last: IToken | undefined): number | undefined {
  const afterValue =
    last !== undefined &&
    (t.operandEnds.has(last.tokenType) || last.tokenType === t.ClassWord || last.tokenType === t.FunctionWord);
  let angles = 0;
  let brackets = 0;
  for (let at = from; at < input.length && at - from < reach; at++) {
    const token = input[at] as IToken;
    const type = token.tokenType;
    if (type === t.Less) angles++;
    else if (type === t.Greater || (type === t.OtherOperator && token.image.startsWith(">"))) {
      angles -= token.image.length;
      if (angles <= 0) {
        if (angles < 0 || brackets !== 0 || at === from + 1) return undefined;
        const next = input[at + 1];
        return !afterValue || next === undefined || afterTypeArguments.has(next.tokenType) ? at : undefined;
      }
    } else if (opening.has(type)) brackets++;
    else if (closing.has(type)) {
      brackets--;
      if (brackets < 0) return undefined;
    } else if (!inTypes.has(type) && !tokenMatcher(token, t.TypePart)) return undefined;
  }
  return undefined;
}

/** Whether the `)` at `from` is followed by `=>`, or by a return type and then `=>`. */
export function opensArrow(input: readonly IToken[], from: number): boolean {
  const next = input[from + 1];
  if (next?.tokenType === t.Arrow) return true;
  if (next?.tokenType !== t.Colon) return false;
  let brackets = 0;
  for (let at = from + 2; at < input.length && at - from < reach; at++) {
    const token = input[at] as IToken;
    const type = token.tokenType;
    if (opening.has(type)) brackets++;
    else if (closing.has(type)) {
      brackets--;
      if (brackets < 0) return false;
    } else if (brackets === 0) {
      if (type === t.Arrow) return true;
      if (!tokenMatcher(token, t.TypePart)) return false;
    }
  }
  return false;
}
