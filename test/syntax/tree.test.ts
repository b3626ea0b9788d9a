/** What a correct file becomes. */
import { describe, expect, test } from "vitest";
import { grouped, plain, read, value } from "./helpers.ts";

test("imports, declarations and calls, in order, with their documentation", () => {
  const text = [
    'import { scopes, grant as allow } from "writ";',
    "/* not documentation */",
    "/**",
    " * What can be done.",
    " *  With orders.",
    " */",
    'export const orders = scopes("orders", [ "read", ], { ...more, "a-b": -1, name })',
    "// between",
    "const own = orders",
    'example("it works", {});',
  ].join("\n");
  const { tree, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  const identifier = (name: string) => ({ kind: "identifier", name });
  expect(plain(tree.imports)).toEqual([
    {
      kind: "import",
      names: [
        { kind: "imported-name", name: identifier("scopes"), local: identifier("scopes") },
        { kind: "imported-name", name: identifier("grant"), local: identifier("allow") },
      ],
      from: { kind: "string", value: "writ" },
    },
  ]);
  expect(plain(tree.statements)).toEqual([
    {
      kind: "declaration",
      exported: true,
      name: identifier("orders"),
      documentation: "What can be done.\n With orders.",
      value: {
        kind: "call",
        callee: identifier("scopes"),
        arguments: [
          { kind: "string", value: "orders" },
          { kind: "array", elements: [{ kind: "string", value: "read" }] },
          {
            kind: "object",
            properties: [
              { kind: "spread", value: identifier("more") },
              { kind: "property", key: { kind: "string", value: "a-b" }, value: { kind: "number", value: -1 } },
              { kind: "property", key: identifier("name"), value: identifier("name") },
            ],
          },
        ],
      },
    },
    { kind: "declaration", exported: false, name: identifier("own"), value: identifier("orders") },
    {
      kind: "call",
      callee: identifier("example"),
      arguments: [
        { kind: "string", value: "it works" },
        { kind: "object", properties: [] },
      ],
    },
  ]);
});

test("a span covers what the author wrote and nothing more", () => {
  const text = 'export const a = f(b.c, "d") // e\nconst g = (r) => !r.h';
  const { tree } = read(text);
  const spans = tree.statements.map(({ span }) => text.slice(span.start, span.end));
  expect(spans).toEqual(['export const a = f(b.c, "d")', "const g = (r) => !r.h"]);
  const [first, second] = tree.statements;
  expect(first?.kind === "declaration" && text.slice(first.value.span.start, first.value.span.end)).toBe('f(b.c, "d")');
  expect(
    second?.kind === "declaration" &&
      second.value.kind === "arrow" &&
      text.slice(second.value.body.span.start, second.value.body.span.end),
  ).toBe("!r.h");
});

describe("precedence", () => {
  test.each([
    ["a || b && c", "(a || (b && c))"],
    ["a && b || c", "((a && b) || c)"],
    ["a || b || c", "((a || b) || c)"],
    ["a && b === c", "(a && (b === c))"],
    ["a === b && c < d || !e", "(((a === b) && (c < d)) || !e)"],
    ["!a.b === c", "(!a.b === c)"],
    ["(a || b) && c", "((a || b) && c)"],
    ["!(a && b)", "!(a && b)"],
    ["(a < b) === true", "((a < b) === true)"],
    ['a["b"].c(d)[0]', 'a["b"].c(d)[0]'],
    ["a => b => a || b", "a => b => (a || b)"],
    ['["a", "b"].includes(r.x) && -1 <= y', "(array.includes(r.x) && (-1 <= y))"],
    ["f((r) => r.a, x => x.b)", "f(r => r.a, x => x.b)"],
    ["async", "async"],
    ["type.from.as", "type.from.as"],
    ["r.in.class.if", "r.in.class.if"],
  ])("%s", (text, expected) => {
    expect(grouped(value(text))).toBe(expected);
  });
});

describe("where a statement ends", () => {
  test.each([
    ["const a = b\nconst c = d", 2],
    ["const a = b; const c = d", 2],
    ["const a = b /* x\ny */ const c = d", 2],
    ["const a = b\r\nf()", 2],
    ["const a = b\rf()", 2],
    ["const a =\n  b\n  .c\n  (d)\n  && e\nf()", 2],
    ["const a = b\n[c]", 1],
    ["const\na\n=\nb", 1],
    ["export\nconst a = b", 1],
    ["const a = (\n b\n)\n\n\nf()", 2],
    [";;;f();;", 1],
    ["const a = r.class\nconst b = r.in\nf()", 3],
    ['import { a }\nfrom\n"b"\nf()', 1],
  ])("%j", (text, count) => {
    const { tree, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(tree.statements.length).toBe(count);
  });
});

describe("strings", () => {
  test.each([
    ['"a"', "a"],
    ["'it\"s'", 'it"s'],
    ['"\\n\\t\\r\\b\\f\\v\\0"', "\n\t\r\b\f\v\0"],
    ['"\\x41\\u0042\\u{43}\\u{1F600}"', "ABC😀"],
    ['"\\ud83d\\ude00"', "😀"],
    ['"\\q\\"\\\'\\\\"', "q\"'\\"],
    ['"a\\\nb\\\r\nc"', "abc"],
    ['"größe 日本"', "größe 日本"],
  ])("%s", (text, expected) => {
    expect(value(text)).toMatchObject({ kind: "string", value: expected });
  });
});

describe("numbers", () => {
  test.each([
    ["0", 0],
    ["12.5", 12.5],
    ["1e3", 1000],
    ["1.5E-3", 0.0015],
    ["-7", -7],
    ["9007199254740991", 9007199254740991],
  ])("%s", (text, expected) => {
    expect(value(text)).toMatchObject({ kind: "number", value: expected });
  });
});

test("words of TypeScript are fine as keys and members", () => {
  const { tree, diagnostics } = read(
    "const a = { if: 1, class: 2, function: 3, import: 4, type: 5, get: 6, async: 7, const: 8, in: 9, null: 10 }",
  );
  expect(diagnostics).toEqual([]);
  const [statement] = tree.statements;
  const object = statement?.kind === "declaration" && statement.value.kind === "object" ? statement.value : undefined;
  expect(
    object?.properties.map((each) => each.kind === "property" && each.key.kind === "identifier" && each.key.name),
  ).toEqual(["if", "class", "function", "import", "type", "get", "async", "const", "in", "null"]);
});

test("contextual words are names where TypeScript takes them for names", () => {
  expect(
    read(
      'import { type } from "x"\nimport { from as as } from "y"\nconst async = type\nconst get = as\nconst namespace = async',
    ).diagnostics,
  ).toEqual([]);
});
