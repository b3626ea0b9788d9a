/** What every part of `syntax/` works with: the source, the place for diagnostics, and spans. */
import type { CstNode, IToken } from "chevrotain";
import type { cst } from "../../grammar/index.ts";
import {
  type Code,
  type Diagnostic,
  type Edit,
  type Extras,
  type Fix,
  type Parameters,
  report,
  type Source,
  type Span,
} from "../diagnostics/index.ts";
import type { Expression, Hole } from "./tree.ts";

export class Reader {
  readonly source: Source;
  readonly text: string;
  readonly diagnostics: Diagnostic[] = [];
  /** Where the parser met something that it did not expect, in the order of the file. */
  faults: number[] = [];

  /** Reads any expression; handed in, because arrows, objects and operations are parts of expressions and hold them. */
  readonly expression: (node: cst.ExpressionCstNode) => Expression;

  constructor(source: Source, readExpression: (reader: Reader, node: cst.ExpressionCstNode) => Expression) {
    this.source = source;
    this.expression = (node) => readExpression(this, node);
    this.text = source.text;
  }

  report<C extends Code>(code: C, span: Span, parameters: Parameters<C>, extras?: Extras): void {
    this.diagnostics.push(report(code, span, parameters, extras));
  }

  /** The end of what was looked at last: where something that has no place of its own is missing. */
  private cursor = 0;

  /** Keeps spans inside the file whatever recovery did. */
  span(start: number, end: number): Span {
    const limit = this.text.length;
    const from = Number.isFinite(start) ? Math.max(0, Math.min(start, limit)) : this.cursor;
    const to = Number.isFinite(end) ? Math.max(from, Math.min(end, limit)) : from;
    return { path: this.source.path, start: from, end: to };
  }

  spanOf(node: CstNode | IToken): Span {
    const span = this.span(startOf(node), endOf(node));
    this.cursor = span.end;
    return span;
  }

  /** Says where the reading has come to, in case that nothing follows. */
  moveBehind(token: IToken | undefined): void {
    if (token) this.cursor = this.span(endOf(token), endOf(token)).start;
  }

  /** An empty span where the reading has come to. */
  here(): Span {
    return this.span(this.cursor, this.cursor);
  }

  hole(span: Span): Hole {
    return { kind: "hole", span };
  }

  edit(start: number, end: number, text: string): Edit {
    return { span: this.span(start, end), text };
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** Whether the parser has already complained about something in this range. */
  isFaulty(start: number, end: number): boolean {
    let low = 0;
    let high = this.faults.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.faults[middle] as number) < start) low = middle + 1;
      else high = middle;
    }
    return low < this.faults.length && (this.faults[low] as number) <= end;
  }
}

export function safeFix(title: string, ...edits: Edit[]): { fix: Fix } {
  return { fix: { title, safe: true, edits } };
}

export function isToken(node: CstNode | IToken): node is IToken {
  return "tokenType" in node;
}

/** Where a node begins; not a number where recovery left it without a token. */
export function startOf(node: CstNode | IToken): number {
  return isToken(node) ? node.startOffset : known(node.location?.startOffset);
}

export function endOf(node: CstNode | IToken): number {
  return (isToken(node) ? (node.endOffset ?? node.startOffset - 1) : known(node.location?.endOffset)) + 1;
}

function known(offset: number | undefined): number {
  return offset === undefined || offset < 0 ? Number.NaN : offset;
}

/** The first child of that name; recovery may have left it out, whatever the types say. */
export function first<T>(children: readonly T[] | undefined): T | undefined {
  return children?.[0];
}

/** Whether there is a real token here, not one that recovery invented. */
export function isReal(token: IToken | undefined): token is IToken {
  return token !== undefined && token.isInsertedInRecovery !== true;
}

/** Children of several names in the order of the file; recovery can leave a node with neither place nor text. */
export function inOrder<T extends CstNode | IToken>(...lists: (readonly T[] | undefined)[]): T[] {
  const all: T[] = [];
  for (const list of lists) for (const node of list ?? []) if (Number.isFinite(startOf(node))) all.push(node);
  return all.sort((a, b) => startOf(a) - startOf(b) || endOf(a) - endOf(b));
}

/** The first token below a node. */
export function firstToken(node: CstNode): IToken | undefined {
  const start = startOf(node);
  const open: CstNode[] = [node];
  for (let current = open.pop(); current; current = open.pop()) {
    for (const children of Object.values(current.children)) {
      for (const child of children) {
        if (startOf(child) !== start) continue;
        if ("tokenType" in child) return child;
        open.push(child);
      }
    }
  }
  return undefined;
}
