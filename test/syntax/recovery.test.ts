/** One file reports all its errors in one run, and what is right around them is still read. */
import { describe, expect, test } from "vitest";
import { read, shown } from "./helpers.ts";

test("many mistakes, each with its place", () => {
  const text = [
    'import all from "./a.policy.ts";',
    "let a = f(1_000);",
    'export const b = scopes("b", ["read" "write"];',
    "const c = condition(corp, (r) => r.x == null);",
    "function g() { return `x`; }",
    "export const d = ;",
    "const e = { a: 1, a: 2 }",
    "const f = a ? b : c",
    "good(1)",
  ].join("\n");
  expect(shown(text)).toEqual([
    'WRIT1301 "all"',
    'WRIT1201 "let"',
    'WRIT1104 "1_000"',
    'WRIT1021 "("',
    'WRIT1024 ""',
    'WRIT1401 "=="',
    'WRIT1114 "null"',
    'WRIT1206 "function"',
    'WRIT1020 ";"',
    'WRIT1031 "a"',
    'WRIT1406 "?"',
  ]);
  const names = read(text).tree.statements.map((each) =>
    each.kind === "declaration" && each.name.kind === "identifier" ? each.name.name : each.kind,
  );
  expect(names).toEqual(["a", "b", "c", "d", "e", "f", "call"]);
});

describe("what is missing becomes a hole, not an invention", () => {
  test.each([
    ["const = 1", { name: { kind: "hole" }, value: { kind: "number" } }],
    ["const a = ", { name: { kind: "identifier" }, value: { kind: "hole" } }],
    ["const a", { name: { kind: "identifier" }, value: { kind: "hole" } }],
    ["const a = b.", { value: { kind: "member", name: { kind: "hole" } } }],
    ["const a = b &&", { value: { kind: "binary", right: { kind: "hole" } } }],
    ["const a = b[]", { value: { kind: "index", key: { kind: "hole" } } }],
    ["const a = { b: }", { value: { kind: "object", properties: [{ value: { kind: "hole" } }] } }],
    ["const a = () => b", { value: { kind: "arrow", parameter: { kind: "hole" }, body: { kind: "identifier" } } }],
    ["const a = (r) =>", { value: { kind: "arrow", body: { kind: "hole" } } }],
    ["const { a } = b", { name: { kind: "hole" }, value: { kind: "identifier" } }],
  ])("%s", (text, expected) => {
    const { tree, diagnostics } = read(text);
    expect(diagnostics.length).toBe(1);
    expect(tree.statements).toMatchObject([expected]);
  });

  test("an import without its module keeps its names", () => {
    const { tree } = read("import { a, b } from");
    expect(tree.imports).toMatchObject([
      { names: [{ name: { name: "a" } }, { name: { name: "b" } }], from: { kind: "hole" } },
    ]);
  });
});

describe("one mistake is one diagnostic", () => {
  test.each([
    ['const a = f("x", ["y"\nexport const b = 1', ['WRIT1021 "["']],
    ['const a = f("x", ["y");\nconst b = 1', ['WRIT1021 "["']],
    ["const a = f(b;\nconst c = 1", ['WRIT1021 "("']],
    ["const a = f(b));\nconst c = 1", ['WRIT1022 ")"']],
    ["import {\nconst a = 1", ['WRIT1021 "{"']],
    ['const a = "b\nconst c = 1', ['WRIT1101 "\\"b"']],
    ["const a = f({ : 1 })", ['WRIT1028 ":"']],
    ["const a = a[\nconst b = 1", ['WRIT1021 "["']],
    ["async function f() {}", ['WRIT1206 "function"']],
    ["if (a) { f() } else { g() }\nh()", ['WRIT1211 "if"']],
    ["for (let i = 0; i < 3; i++) f();\nh()", ['WRIT1212 "for"']],
    ["try { f() }\ncatch (e) {}\nfinally {}\nh()", ['WRIT1213 "try"']],
    ["class A extends B<C> { x = 1; y() { return 2 } }\nh()", ['WRIT1207 "class"']],
    ["type A = { b: string; c?: number }\n  | D;\nh()", ['WRIT1209 "type"']],
    ["cоnst a = 1", ['WRIT1010 "cоnst"']],
  ])("%j", (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test("what stands behind a refused statement is read", () => {
    for (const text of [
      "function f() {}",
      "class A {}",
      "enum E { A }",
      "interface I { a: 1 }",
      "if (a) {\n}\nelse {\n}",
      "while (a) {}",
      "export default f()",
      "@d",
      "debugger",
    ]) {
      expect(read(`${text}\nconst z = 1`).tree.statements, text).toMatchObject([{ name: { name: "z" } }]);
    }
  });
});
