/** YAML 1.2 through `yaml`, seen as nodes: aliases are followed when asked for, never expanded, so they cannot multiply. */
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type YAMLError,
} from "yaml";
import { type Diagnostic, report, type Source, type Span } from "../diagnostics/index.ts";
import { type DataNode, type Member, type Members, memberList, type NodeKind, noMembers } from "./node.ts";

/** The composer calls itself once for each level; this is far below what the stack holds and far above what people write. */
const DEEPEST = 200;

/** Members that merge keys (`<<`) may add in one file, all together. */
const MOST_MERGED = 1_000_000;

export function readYamlNode(source: Source): { root?: DataNode; problem?: Diagnostic } {
  const { path, text } = source;
  const fail = (start: number, problem: string) => {
    const from = Math.min(Math.max(start, 0), text.length);
    return { problem: report("WRIT5005", { path, start: from, end: Math.min(from + 1, text.length) }, { problem }) };
  };
  // The parser looks at all properties of a value again for each further one.
  const crowd = /(?:[&!][^\s&!]*\s+){64}/.exec(text);
  if (crowd) return fail(crowd.index, "a value has more than 64 anchors and tags");
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST) return fail(parser.offset - lexeme.length, "it is nested too deeply");
  }
  tokens.push(...parser.end());

  // Duplicate keys are looked for where members are read: the composer's own search is quadratic.
  const composer = new Composer({
    uniqueKeys: false,
    strict: true,
    version: "1.2",
    schema: "core",
    logLevel: "silent",
  });
  let error: { start: number; code: YAMLError["code"] } | undefined;
  // Only the first error is of use, and an object with a stack for each of a million is a way to hang us.
  const onError = (at: ErrorPlace, code: YAMLError["code"], _message: string, warning?: boolean) => {
    if (warning) return;
    error ??= { start: typeof at === "number" ? at : "offset" in at ? at.offset : at[0], code };
  };
  Object.assign(composer, { onError });
  const documents = [...composer.compose(tokens, false, text.length)];
  const document = documents[0];
  if (!document) return error ? fail(error.start, problems[error.code] ?? "it is not YAML") : fail(0, "it is empty");
  const [other] = document.errors;
  error ??= other && { start: other.pos[0], code: other.code };
  if (error) return fail(error.start, problems[error.code] ?? "it is not YAML");
  if (documents[1]) return fail(documents[1].range?.[0] ?? 0, "it holds more than one document");
  if (!document.contents) return fail(0, "it is empty");
  const file = new YamlFile(source, document);
  if (file.danglingAlias !== undefined) return fail(file.danglingAlias, "an alias names an anchor that is not there");
  return { root: file.node(document.contents as Node) };
}

type ErrorPlace = number | readonly [number, number] | { readonly offset: number };

const problems: Partial<Record<YAMLError["code"], string>> = {
  BAD_ALIAS: "an alias is not well formed",
  BAD_DIRECTIVE: "a `%` directive is not one that YAML knows",
  BAD_DQ_ESCAPE: "a quoted text holds an escape that YAML does not know",
  BAD_INDENT: "the indentation does not fit the lines above",
  BAD_SCALAR_START: "a text without quotes starts with a character that YAML keeps for itself",
  BLOCK_AS_IMPLICIT_KEY: "two keys stand on one line",
  BLOCK_IN_FLOW: "an indented block stands inside brackets",
  KEY_OVER_1024_CHARS: "a key is longer than 1,024 characters",
  MISSING_CHAR: "a closing quote, bracket or a comma is missing",
  MULTILINE_IMPLICIT_KEY: "a key spans several lines",
  MULTIPLE_DOCS: "it holds more than one document",
  TAB_AS_INDENT: "a tab is used as indentation",
  TAG_RESOLVE_FAILED: "a value does not fit its `!` tag",
  UNEXPECTED_TOKEN: "something stands where YAML expects a key or a value",
};

class YamlFile {
  readonly source: Source;
  readonly danglingAlias: number | undefined;
  readonly #targets = new Map<Node, Node>();
  readonly #nodes = new Map<Node, YamlNode>();
  #merged = 0;

  constructor(source: Source, document: Document) {
    this.source = source;
    this.danglingAlias = this.#bind(document.contents as Node);
  }

  node(node: Node): YamlNode {
    const target = this.#targets.get(node) ?? node;
    let known = this.#nodes.get(target);
    if (!known) {
      known = new YamlNode(this, target);
      this.#nodes.set(target, known);
    }
    return known;
  }

  mayMerge(members: number): boolean {
    this.#merged += members;
    return this.#merged <= MOST_MERGED;
  }

  /** Each alias to what its anchor named at that point of the text; gives the place of an alias that names nothing. */
  #bind(root: Node): number | undefined {
    const anchors = new Map<string, Node>();
    const open: unknown[] = [root];
    while (open.length > 0) {
      const node = open.pop();
      if (isPair(node)) open.push(node.value, node.key);
      else if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (!target) return node.range?.[0] ?? 0;
        this.#targets.set(node, target);
      } else if (isMap(node) || isSeq(node) || isScalar(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        if (!isScalar(node)) for (let i = node.items.length - 1; i >= 0; i--) open.push(node.items[i]);
      }
    }
    return undefined;
  }
}

class YamlNode implements DataNode {
  readonly #file: YamlFile;
  readonly #node: Node;
  #members: Members | undefined;
  #items: readonly DataNode[] | undefined;

  constructor(file: YamlFile, node: Node) {
    this.#file = file;
    this.#node = node;
  }

  get source(): Source {
    return this.#file.source;
  }

  get span(): Span {
    return spanOf(this.source, this.#node);
  }

  get kind(): NodeKind {
    const node = this.#node;
    if (isMap(node)) return "object";
    if (isSeq(node)) return "array";
    if (!isScalar(node) || node.value === null || node.value === undefined) return "null";
    const type = typeof node.value;
    return type === "number" || type === "bigint" ? "number" : type === "boolean" ? "boolean" : "string";
  }

  get text(): string {
    const node = this.#node;
    if (!isScalar(node)) return "";
    // `200`, `1.0` and `yes` mean their characters wherever a text is asked for.
    return typeof node.value === "string" ? node.value : (node.source ?? "");
  }

  members(): Members {
    this.#members ??= isMap(this.#node) ? memberList(this.#readMembers()) : noMembers;
    return this.#members;
  }

  items(): readonly DataNode[] {
    this.#items ??= isSeq(this.#node)
      ? this.#node.items.map((item) => this.#file.node((isPair(item) ? item.value : item) as Node))
      : [];
    return this.#items;
  }

  #readMembers(): Member[] {
    const own: Member[] = [];
    const merged: Node[] = [];
    for (const pair of isMap(this.#node) ? this.#node.items : []) {
      const member = this.#member(pair as Pair<Node, Node | null>);
      if (member.key === "<<" && pair.value) merged.push(pair.value as Node);
      else own.push(member);
    }
    return merged.length === 0 ? own : [...own, ...this.#merge(own, merged)];
  }

  /** What `<<` brings: the nearest definition of a key wins, and no mapping is looked at twice. */
  #merge(own: readonly Member[], from: readonly Node[]): Member[] {
    const keys = new Set(own.map((member) => member.key));
    const seen = new Set<Node>([this.#node]);
    const brought: Member[] = [];
    const open = [...from].reverse();
    for (let next = open.pop(); next; next = open.pop()) {
      const node = this.#file.node(next).#node;
      if (seen.has(node)) continue;
      seen.add(node);
      if (isSeq(node)) open.push(...(node.items as Node[]).toReversed());
      if (!isMap(node)) continue;
      if (!this.#file.mayMerge(node.items.length)) return brought;
      for (const pair of node.items) {
        const member = this.#member(pair as Pair<Node, Node | null>);
        if (member.key === "<<") {
          if (pair.value) open.push(pair.value as Node);
        } else if (!keys.has(member.key)) {
          keys.add(member.key);
          brought.push(member);
        }
      }
    }
    return brought;
  }

  #member(pair: Pair<Node, Node | null>): Member {
    const key = pair.key ? this.#file.node(pair.key) : undefined;
    const keySpan = pair.key ? spanOf(this.source, pair.key) : this.span;
    const simple = key !== undefined && isScalar(key.#node);
    return {
      key: simple ? key.text : this.source.text.slice(keySpan.start, keySpan.end),
      keySpan,
      value: pair.value ? this.#file.node(pair.value) : new Absent(this.source, keySpan),
    };
  }
}

/** `key:` with nothing behind it, not even a null. */
class Absent implements DataNode {
  readonly kind = "null";
  readonly text = "";
  readonly source: Source;
  readonly span: Span;

  constructor(source: Source, span: Span) {
    this.source = source;
    this.span = span;
  }

  members(): Members {
    return noMembers;
  }

  items(): readonly DataNode[] {
    return [];
  }
}

function spanOf(source: Source, node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  const last = source.text.length;
  return { path: source.path, start: Math.min(start, last), end: Math.min(Math.max(start, end), last) };
}
