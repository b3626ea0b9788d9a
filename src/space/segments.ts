/** The segments of a path that may be any, and the rest of a path. */
import type { SegmentShape } from "./classes.ts";
import { always, type Dimension, type Draft, type Formula, never, not, or } from "./formula.ts";
import { type AskedAtom, Atoms } from "./phrases.ts";
import { type Place, TextTerm, type Value } from "./terms.ts";
import { passes, type TextTest, textsFor } from "./texts.ts";

/** One segment that may be any, or the rest of the path from there on. */
export class SegmentTerm extends TextTerm {
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
        return textsFor(tests, { kind: isRest ? "rest" : "segment", filler, avoided: this.asked.avoided });
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

/** A segment, or one that is the same for the whole class. */
export type Part = SegmentTerm | string;

/** Whether any number of segments may follow. */
export function endsOpen(parts: readonly Part[]): boolean {
  const last = parts.at(-1);
  return typeof last === "object" && last.isRest;
}

/** What is asked of one part, less what no text of a path can be. */
export function askPart(part: Part, test: TextTest): Formula {
  if (typeof part === "string") return passes(test, part) ? always : never;
  if (test.kind === "starts-with" || test.kind === "ends-with") {
    if (test.text === "") return always;
    if (!part.isRest && test.text.includes("/")) return never;
  }
  if (test.kind === "in" && !part.isRest && test.texts.every((text) => text === "" || text.includes("/"))) return never;
  return part.text(test);
}
