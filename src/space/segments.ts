/** The path of a class of operations, segment by segment, and texts that are made of several. */
import type { TemplateSegment } from "../model/index.ts";
import type { OperationClass, SegmentShape } from "./classes.ts";
import { always, and, type Dimension, type Draft, type Formula, never, not, or } from "./formula.ts";
import { Asked, type AskedAtom, Atoms, type Place, type Term, type Value } from "./terms.ts";
import { passes, type TextTest, textsFor } from "./texts.ts";

/** What any part of a path has in common with the others: it is a text, and always there. */
abstract class PathTerm implements Term {
  abstract readonly key: string;
  abstract readonly title: string;
  abstract readonly order: number;
  abstract readonly known: Formula;
  readonly kinds = ["text"] as const;
  readonly present = always;
  readonly asked = new Asked();
  abstract text(test: TextTest): Formula;
  abstract read(place: Place): string;
  abstract write(value: Value, draft: Draft): void;

  is(kind: string): Formula {
    return kind === "text" ? always : never;
  }

  number(): Formula {
    return never;
  }

  truth(): Formula {
    return never;
  }

  includes(): Formula {
    return never;
  }
}

/** One segment that may be any, or the rest of the path from there on. */
export class SegmentTerm extends PathTerm {
  readonly key: string;
  readonly title: string;
  readonly order: number;
  readonly isRest: boolean;
  readonly position: number;
  readonly #atoms: Atoms<string>;

  constructor(position: number, isRest: boolean, name: string, filler: string) {
    super();
    this.position = position;
    this.isRest = isRest;
    this.title = `params.${name}`;
    // Digits that sort as numbers do.
    this.key = `segment ${String(position).padStart(2, "0")}${isRest ? " and on" : ""}`;
    this.order = isRest ? 10 : 11 + position;
    const dimension: Dimension<string> = {
      key: this.key,
      rank: 6,
      read: ({ input }) => this.#textOf(input.request.path.slice(1).split("/")),
      write: (value, draft) => this.write(value, draft),
      pool: (atoms) => {
        const tests = (atoms as readonly AskedAtom<string>[]).flatMap(({ text }) => text ?? []);
        return textsFor(tests, { kind: isRest ? "rest" : "segment", filler });
      },
      words: (cells, others) => this.#atoms.words(this.title, cells, others, (is) => ({ is })),
    };
    this.#atoms = new Atoms(() => dimension);
  }

  get known(): Formula {
    return not(this.text({ kind: "escaped" }));
  }

  text(test: TextTest): Formula {
    // A single segment has a shape or has it not, whatever stands in it, but for literals.
    if (test.kind === "shaped" && !this.isRest) return this.#isShaped(test.shapes);
    return this.#atoms.askText(this.asked.text(test), (text) => text);
  }

  read({ segments }: Place): string {
    return this.#textOf(segments);
  }

  write(value: Value, draft: Draft): void {
    if (this.isRest) draft.segments.splice(this.position, draft.segments.length, ...String(value).split("/"));
    else draft.segments[this.position] = String(value);
  }

  #textOf(segments: readonly string[]): string {
    return this.isRest ? segments.slice(this.position).join("/") : (segments[this.position] ?? "");
  }

  #isShaped(shapes: readonly (readonly SegmentShape[])[]): Formula {
    return or(
      ...shapes.map((shape) => {
        const [only] = shape;
        if (!only || shape.length > 1) return never;
        return only.kind === "literal" ? this.text({ kind: "in", texts: [only.text] }) : always;
      }),
    );
  }
}

type Part = SegmentTerm | string;

/** Several segments with slashes between them: the whole path (after an empty one), or what a side takes for the rest. */
class JoinedTerm extends PathTerm {
  readonly key: string;
  readonly title: string;
  readonly order = 100;
  readonly known: Formula;
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[], title: string, known: Formula) {
    super();
    this.#parts = parts;
    this.title = title;
    this.known = known;
    this.key = `joined ${JSON.stringify(parts.map((part) => (typeof part === "string" ? part : [part.key])))}`;
  }

  text(test: TextTest): Formula {
    this.asked.text(test);
    switch (test.kind) {
      case "in":
        return or(...test.texts.map((text) => this.#equals(text.split("/"))));
      case "starts-with":
        return this.#startsWith(test.text.split("/"));
      case "ends-with":
        return this.#endsWith(test.text, this.#parts.length);
      case "escaped":
        return or(...this.#parts.map((part) => askPart(part, test)));
      case "cidr":
      case "shaped": // No address, and nothing that is told by its segments, has a slash.
        return never;
    }
  }

  read(place: Place): string {
    return this.#parts.map((part) => (typeof part === "string" ? part : part.read(place))).join("/");
  }

  write(): void {
    // INVARIANT: its segments are written, and other facts are made equal to it.
  }

  #equals(pieces: readonly string[]): Formula {
    const last = this.#parts.length - 1;
    const isOpen = endsOpen(this.#parts);
    if (isOpen ? pieces.length <= last : pieces.length !== last + 1) return never;
    return and(
      ...this.#parts.map((part, i) =>
        askPart(part, { kind: "in", texts: [i === last ? pieces.slice(i).join("/") : (pieces[i] ?? "")] }),
      ),
    );
  }

  #startsWith(pieces: readonly string[]): Formula {
    const last = this.#parts.length - 1;
    if (pieces.length - 1 > last && !endsOpen(this.#parts)) return never;
    const end = Math.min(pieces.length - 1, last);
    return and(
      ...this.#parts.slice(0, end).map((part, i) => askPart(part, { kind: "in", texts: [pieces[i] ?? ""] })),
      askPart(this.#parts[end] ?? "", { kind: "starts-with", text: pieces.slice(end).join("/") }),
    );
  }

  /** Whether the first `count` parts end so: within the last one, or all of that and on before a slash. */
  #endsWith(text: string, count: number): Formula {
    const part = this.#parts[count - 1];
    if (part === undefined) return never;
    const within = askPart(part, { kind: "ends-with", text });
    const slashes = [...text.matchAll(/\//g)].map(({ index }) => index);
    return or(
      within,
      ...slashes.map((slash) =>
        and(
          askPart(part, { kind: "in", texts: [text.slice(slash + 1)] }),
          this.#endsWith(text.slice(0, slash), count - 1),
        ),
      ),
    );
  }
}

function endsOpen(parts: readonly Part[]): boolean {
  const last = parts.at(-1);
  return typeof last === "object" && last.isRest;
}

function askPart(part: Part, test: TextTest): Formula {
  if (typeof part === "string") return passes(test, part) ? always : never;
  if (test.kind === "starts-with" || test.kind === "ends-with") {
    if (test.text === "") return always;
    if (!part.isRest && test.text.includes("/")) return never;
  }
  if (test.kind === "in" && !part.isRest && test.texts.every((text) => text === "" || text.includes("/"))) return never;
  return part.text(test);
}

/** The path of one class. */
export class Path {
  readonly #operation: OperationClass;
  readonly #parts: readonly Part[];
  readonly #joined = new Map<string, JoinedTerm>();

  constructor(operation: OperationClass) {
    this.#operation = operation;
    const { segments, before, after } = operation;
    const names = segments.map(
      (_, i) => nameAt(after?.template, i) ?? nameAt(before?.template, i) ?? `segment${i + 1}`,
    );
    this.#parts = segments.map((segment, i) => {
      if (segment.kind === "literal") return segment.text;
      const name = names[i] ?? "";
      const isOnly = names.indexOf(name) === names.lastIndexOf(name);
      return new SegmentTerm(i, segment.kind === "rest", name, `${name}-in-path${isOnly ? "" : `-${i + 1}`}`);
    });
  }

  get terms(): readonly SegmentTerm[] {
    return this.#parts.filter((part) => typeof part === "object");
  }

  get whole(): Term | string {
    return this.#join(["", ...this.#parts], "request.path", always);
  }

  /** What a side takes for the parameter; `undefined` where its template has none of that name. */
  parameter(side: "after" | "before", name: string): Term | string | undefined {
    const template = this.#operation[side]?.template ?? [];
    const position = template.findLastIndex((segment) => segment.kind !== "literal" && segment.name === name);
    if (position < 0) return undefined;
    const isRest = template[position]?.kind === "rest";
    const parts = isRest ? this.#parts.slice(position) : this.#parts.slice(position, position + 1);
    return this.#join(parts, `params.${name}`);
  }

  /** The path is none of those that are other operations. */
  get inClass(): Formula {
    // What is in the fixed segments, and all that the rest must then not be.
    const groups = new Map<string, { readonly fixed: Formula; readonly shapes: (readonly SegmentShape[])[] }>();
    const open = endsOpen(this.#parts);
    const count = open ? this.#parts.length - 1 : this.#parts.length;
    for (const shape of this.#operation.apart) {
      const [head, tail] = split(shape, count);
      if (!head || (tail !== "anything" && open === (tail.length === 0))) continue;
      const key = JSON.stringify([head, tail === "anything"]);
      const known = groups.get(key) ?? { fixed: this.#has(head), shapes: [] };
      if (tail !== "anything") known.shapes.push(tail);
      groups.set(key, known);
    }
    const rest = this.#parts.at(-1);
    return and(
      ...[...groups.values()].map(({ fixed, shapes: [first = [], ...more] }) =>
        not(
          first.length > 0 && typeof rest === "object"
            ? and(fixed, rest.text({ kind: "shaped", shapes: [first, ...more], isOut: fixed === always }))
            : fixed,
        ),
      ),
    );
  }

  #has(shape: readonly SegmentShape[]): Formula {
    return and(
      ...shape.map((segment, i) => {
        const part = this.#parts[i] ?? "";
        if (segment.kind === "literal") return askPart(part, { kind: "in", texts: [segment.text] });
        return part === "" && segment.kind === "any" ? never : always;
      }),
    );
  }

  #join(parts: readonly Part[], title: string, known?: Formula): Term | string {
    const [only] = parts;
    if (parts.every((part) => typeof part === "string")) return parts.join("/");
    if (parts.length === 1 && typeof only === "object") return only;
    const readable = known ?? not(or(...parts.map((part) => askPart(part, { kind: "escaped" }))));
    const made = new JoinedTerm(parts, title, readable);
    const joined = this.#joined.get(made.key) ?? made;
    this.#joined.set(made.key, joined);
    return joined;
  }
}

/** The first `count` segments of a shape, and what follows them; no head where it is shorter. */
function split(
  shape: readonly SegmentShape[],
  count: number,
): readonly [head: readonly SegmentShape[] | undefined, tail: readonly SegmentShape[] | "anything"] {
  const rest = shape.findIndex(({ kind }) => kind === "rest");
  if (rest < 0 || rest >= count) return [shape.length < count ? undefined : shape.slice(0, count), shape.slice(count)];
  // A rest that begins before the end: its first segment is not empty, and all that follow may be anything.
  const any: SegmentShape = { kind: "any" };
  const others = Array.from({ length: count - rest - 1 }, (): SegmentShape => ({ kind: "rest" }));
  return [[...shape.slice(0, rest), any, ...others], "anything"];
}

function nameAt(template: readonly TemplateSegment[] | undefined, position: number): string | undefined {
  const segment = template?.[position];
  return segment && segment.kind !== "literal" ? segment.name : undefined;
}

/** Two parts of one path that may be the same text: nothing else has as many slashes, or ends where the other does. */
export function mayBeSame(a: Term, b: Term): "always-may" | "if-single" | "never" {
  if (!(a instanceof PathTerm) || !(b instanceof PathTerm)) return "always-may";
  if (!(a instanceof SegmentTerm) || !(b instanceof SegmentTerm)) return "never";
  return a.isRest || b.isRest ? "if-single" : "always-may";
}
