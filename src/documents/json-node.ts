/**
 * JSON read lazily: thirteen megabytes of which a thousand small places matter. The text is read once, to see that it is sound and
 * where its larger parts end; after that looking inside is skipping, and an object is walked only when its members are asked for.
 */
import { type Diagnostic, jsonProblems, report, type Source, type Span } from "../diagnostics/index.ts";
import { readJsonWithPositions, scan } from "../json/index.ts";
import { type DataNode, type Member, type Members, memberList, type NodeKind, noMembers } from "./node.ts";

const DEEPEST = 512;

/** Containers of at least this length remember their end: the next walk steps over them at once. */
const WORTH_REMEMBERING = 128;

export function readJsonNode(source: Source): { root?: DataNode; problem?: Diagnostic } {
  const { text } = source;
  const ends = new Map<number, number>();
  const open: number[] = [];
  const found = scan(text, DEEPEST, "finite", {
    key: () => undefined,
    open: (start) => {
      open.push(start);
    },
    close: (end) => {
      const start = open.pop()!;
      if (end - start >= WORTH_REMEMBERING) ends.set(start, end);
    },
  });
  if (typeof found !== "number") {
    const problem = problemOf(source);
    if (problem) return { problem };
    ends.clear();
  }
  return { root: new JsonNode(new Walker(source, ends), skipSpace(text, 0)) };
}

/** Our own reader knows where and what; a document that only it objects to (half a surrogate pair in a description) is still of use. */
function problemOf({ path, text }: Source): Diagnostic | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const { failure } = readJsonWithPositions(text, { depth: DEEPEST, numbers: "finite" });
    const offset = Math.min(failure?.offset ?? 0, text.length);
    const problem = jsonProblems[failure?.problem ?? "syntax"];
    return report("WRIT5004", { path, start: offset, end: Math.min(offset + 1, text.length) }, { problem });
  }
}

class Walker {
  readonly source: Source;
  readonly #ends: Map<number, number>;

  constructor(source: Source, ends: Map<number, number>) {
    this.source = source;
    this.#ends = ends;
  }

  /** The offset right behind the value that starts at `start`. */
  end(start: number): number {
    const { text } = this.source;
    const unit = text.charCodeAt(start);
    if (unit === 0x22) return endOfString(text, start);
    if (unit !== 0x7b && unit !== 0x5b) return endOfWord(text, start);
    const known = this.#ends.get(start);
    if (known !== undefined) return known;
    const open: number[] = [];
    let at = start;
    for (;;) {
      const inside = text.charCodeAt(at);
      if (inside === 0x22) at = endOfString(text, at);
      else if (inside === 0x7b || inside === 0x5b) open.push(at++);
      else if (inside === 0x7d || inside === 0x5d) {
        at++;
        const opened = open.pop()!;
        if (at - opened >= WORTH_REMEMBERING) this.#ends.set(opened, at);
        if (opened === start) return at;
      } else at++;
    }
  }
}

class JsonNode implements DataNode {
  readonly #walker: Walker;
  readonly #start: number;
  // Kept, because many references may lead through the same object.
  #members: Members | undefined;
  #items: readonly DataNode[] | undefined;

  constructor(walker: Walker, start: number) {
    this.#walker = walker;
    this.#start = start;
  }

  get source(): Source {
    return this.#walker.source;
  }

  get span(): Span {
    return { path: this.source.path, start: this.#start, end: this.#walker.end(this.#start) };
  }

  get kind(): NodeKind {
    switch (this.source.text.charCodeAt(this.#start)) {
      case 0x7b:
        return "object";
      case 0x5b:
        return "array";
      case 0x22:
        return "string";
      case 0x74:
      case 0x66:
        return "boolean";
      case 0x6e:
        return "null";
      default:
        return "number";
    }
  }

  get text(): string {
    const { kind } = this;
    if (kind === "object" || kind === "array") return "";
    const raw = this.source.text.slice(this.#start, this.#walker.end(this.#start));
    return kind === "string" ? (JSON.parse(raw) as string) : raw;
  }

  members(): Members {
    this.#members ??= this.kind === "object" ? this.#readMembers() : noMembers;
    return this.#members;
  }

  items(): readonly DataNode[] {
    this.#items ??= this.kind === "array" ? this.#readItems() : [];
    return this.#items;
  }

  #readMembers(): Members {
    const { path, text } = this.source;
    const members: Member[] = [];
    let at = skipSpace(text, this.#start + 1);
    while (text.charCodeAt(at) === 0x22) {
      const keyEnd = endOfString(text, at);
      const raw = text.slice(at + 1, keyEnd - 1);
      const key = raw.includes("\\") ? (JSON.parse(`"${raw}"`) as string) : raw;
      const keySpan = { path, start: at, end: keyEnd };
      const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
      members.push({ key, keySpan, value: new JsonNode(this.#walker, value) });
      at = skipSpace(text, this.#walker.end(value));
      if (text.charCodeAt(at) === 0x2c) at = skipSpace(text, at + 1);
    }
    return memberList(members);
  }

  #readItems(): readonly DataNode[] {
    const { text } = this.source;
    const items: DataNode[] = [];
    let at = skipSpace(text, this.#start + 1);
    while (text.charCodeAt(at) !== 0x5d) {
      items.push(new JsonNode(this.#walker, at));
      at = skipSpace(text, this.#walker.end(at));
      if (text.charCodeAt(at) === 0x2c) at = skipSpace(text, at + 1);
    }
    return items;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at;
    at++;
  }
}

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (text.charCodeAt(at - 1) === 0x5c) {
    let backslashes = 1;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) break;
    at = text.indexOf('"', at + 1);
  }
  return at + 1;
}

/** Numbers and the three words end where something that belongs to neither begins. */
function endOfWord(text: string, start: number): number {
  let at = start;
  for (;;) {
    const unit = text.charCodeAt(at);
    const inside =
      (unit >= 0x30 && unit <= 0x39) ||
      (unit >= 0x41 && unit <= 0x7a) ||
      unit === 0x2b ||
      unit === 0x2d ||
      unit === 0x2e;
    if (!inside || unit === 0x5d || unit === 0x5b) return at;
    at++;
  }
}
