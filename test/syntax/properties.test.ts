/** What holds for every text whatever. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Span } from "../../src/diagnostics/index.ts";
import { decode, parse } from "../../src/syntax/index.ts";
import { mutate } from "../fuzz/policy-texts.ts";
import { Random } from "../random.ts";
import { path } from "./helpers.ts";

const pieces = [
  "a",
  "const ",
  "export ",
  "import ",
  "from ",
  '"x"',
  "1",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ";",
  ":",
  ".",
  "=",
  "=>",
  "==",
  "&&",
  "!",
  "?",
  "<",
  ">",
  "...",
  "`",
  "${",
  "\n",
  " ",
  "//",
  "/*",
  "*/",
  "/",
  "\\",
  "as ",
  "type ",
  "async ",
  "function ",
  "class ",
  "if ",
  "r => ",
  "а",
  "\u202e",
  "\ufeff",
  "\ud800",
  "\0",
  "'",
];
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join("")),
  fc.integer().map((seed) => {
    const random = new Random(seed);
    return mutate(() => random.next());
  }),
);

/** Every node below a node, with the span of the one that holds it. */
function* nodes(
  node: unknown,
  within: Span | undefined,
): Generator<{ span: Span; within: Span | undefined; kind: string }> {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const each of node) yield* nodes(each, within);
    return;
  }
  const { span, kind } = node as { span?: Span; kind?: string };
  if (span && kind) yield { span, within, kind };
  for (const [key, value] of Object.entries(node)) {
    if (key !== "span" && key !== "source" && key !== "operatorSpan") yield* nodes(value, span ?? within);
  }
}

test("parsing never throws, and every span is inside the file and inside the span around it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { value, diagnostics } = parse({ path, text });
      for (const { span } of diagnostics) {
        expect(span?.path).toBe(path);
        expect(
          0 <= (span as Span).start && (span as Span).start <= (span as Span).end && (span as Span).end <= text.length,
        ).toBe(true);
      }
      for (const { span, within, kind } of [
        ...nodes(value.imports, undefined),
        ...nodes(value.statements, undefined),
      ]) {
        expect(0 <= span.start && span.start <= span.end && span.end <= text.length, kind).toBe(true);
        if (within)
          expect(within.start <= span.start && span.end <= within.end, `${kind} in ${JSON.stringify(text)}`).toBe(true);
      }
    }),
    { numRuns: 4000 },
  );
});

test("the same text gives the same tree and the same diagnostics", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(parse({ path, text })).toEqual(parse({ path, text }));
    }),
    { numRuns: 500 },
  );
});

test("decoding never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const { value, diagnostics } = decode(bytes, path);
      expect(diagnostics.length === 0 ? Buffer.from(value.text, "utf8").equals(bytes) : value.text === "").toBe(true);
    }),
  );
});

test("layout changes nothing but places: spaces and comments between tokens", () => {
  const text = 'export const a = f(b.c, ["d", -1], { e: (r) => !r.g && r.h[0] !== "i" });';
  const strip = (node: unknown) =>
    JSON.stringify(node, (key, value) =>
      key === "span" || key === "operatorSpan" || key === "source" ? undefined : value,
    );
  const tokens = text.match(/"[^"]*"|-1|=>|!==|&&|[A-Za-z]+|[^\s]/g) as string[];
  const expected = strip(parse({ path, text }).value.statements);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(" ", "  ", "\t", " /* x */ ", " /* ) */"), {
        minLength: tokens.length,
        maxLength: tokens.length,
      }),
      (spaces) => {
        const other = tokens.map((token, index) => token + (spaces[index] as string)).join("");
        const { value, diagnostics } = parse({ path, text: other });
        expect(diagnostics).toEqual([]);
        expect(strip(value.statements)).toBe(expected);
      },
    ),
  );
});
