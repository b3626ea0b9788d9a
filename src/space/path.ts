/** The path of a class of operations: what each side takes for its parameters, and which paths are other operations. */
import type { TemplateSegment } from "../model/index.ts";
import type { OperationClass, SegmentShape } from "./classes.ts";
import { always, and, type Formula, never, not, or } from "./formula.ts";
import { JoinedTerm } from "./joined-segments.ts";
import { askPart, endsOpen, type Part, SegmentTerm } from "./segments.ts";
import type { Term } from "./terms.ts";

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

/** Whether two terms may be the same text. Of two parts of one path nothing else has as many slashes, or ends where the other does. */
export function mayBeSame(a: Term, b: Term): "always-may" | "if-single" | "never" {
  if (!isOfPath(a) || !isOfPath(b)) return "always-may";
  if (!(a instanceof SegmentTerm) || !(b instanceof SegmentTerm)) return "never";
  return a.isRest || b.isRest ? "if-single" : "always-may";
}

function isOfPath(term: Term): boolean {
  return term instanceof SegmentTerm || term instanceof JoinedTerm;
}
