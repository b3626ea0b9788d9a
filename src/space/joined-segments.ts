/** Texts that are made of several segments: what is asked of them is asked of each segment. */
import { and, type Formula, never, or } from "./formula.ts";
import { askPart, endsOpen, type Part } from "./segments.ts";
import { type Place, TextTerm } from "./terms.ts";
import type { TextTest } from "./texts.ts";

/** Several segments with slashes between them: the whole path (after an empty one), or what a side takes for the rest. */
export class JoinedTerm extends TextTerm {
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
