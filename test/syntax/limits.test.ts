/** Hostile files: too large, too deep, too many mistakes. Each is one answer, soon. */
import { describe, expect, test } from "vitest";
import { decode, maximumBytes, maximumDiagnostics, parse } from "../../src/syntax/index.ts";
import { path, read } from "./helpers.ts";

const codes = (text: string) => read(text).diagnostics.map(({ code }) => code);

describe("bytes", () => {
  test("UTF-8 is read as it stands", () => {
    expect(decode(Buffer.from("// größe 😀\n"), path)).toEqual({
      value: { path, text: "// größe 😀\n" },
      diagnostics: [],
    });
  });

  test.each([
    ["a lone continuation byte", [0x2f, 0x2f, 0x80]],
    ["Latin-1", [0x2f, 0x2f, 0xe9, 0x0a]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a text cut short", [0x2f, 0x2f, 0xe2, 0x82]],
    ["UTF-16", [0xff, 0xfe, 0x61, 0x00]],
  ])("%s is not", (_, bytes) => {
    const { value, diagnostics } = decode(Uint8Array.from(bytes), path);
    expect(diagnostics.map(({ code }) => code)).toEqual(["WRIT1001"]);
    expect(value.text).toBe("");
  });

  test("ten megabytes are refused before anything is read (B19)", () => {
    const begin = performance.now();
    const { value, diagnostics } = decode(new Uint8Array(10 << 20).fill(0x5b), path);
    expect(performance.now() - begin).toBeLessThan(100);
    expect(diagnostics).toMatchObject([{ code: "WRIT1004", span: { start: 0, end: 0 } }]);
    expect(value.text).toBe("");
  });

  test("256 KiB are read, a byte more is not", () => {
    expect(decode(new Uint8Array(maximumBytes).fill(0x20), path).diagnostics).toEqual([]);
    expect(decode(new Uint8Array(maximumBytes + 1).fill(0x20), path).diagnostics.length).toBe(1);
    expect(parse({ path, text: " ".repeat(maximumBytes + 1) }).diagnostics.map(({ code }) => code)).toEqual([
      "WRIT1004",
    ]);
  });

  test("NUL and a byte order mark are named", () => {
    expect(codes("f(\0)")).toEqual(["WRIT1003"]);
    expect(codes("\ufefff()")).toEqual(["WRIT1002"]);
    expect(codes("f(\ufeff)")).toEqual(["WRIT1009"]);
  });
});

describe("nesting", () => {
  const openers = [
    ["[", "]"],
    ["(", ")"],
    ["{a:", "}"],
    ["f(", ")"],
    ["a[", "]"],
    ["(r)=>(", ")"],
    ["f({a:[", "]})"],
    ["r=>", ""],
    ["...[", "]"],
    ["[1,", "]"],
  ] as const;

  test.each(openers)("%s is one mistake at any depth, and what follows is still read (B19)", (open, close) => {
    for (const depth of open === "[" ? [100, 10_000, 100_000] : [100, 10_000]) {
      const { tree, diagnostics } = read(`const a = ${open.repeat(depth)}1${close.repeat(depth)};\nconst b = 1;`);
      expect(diagnostics.filter(({ code }) => code === "WRIT1006").length).toBe(1);
      expect(diagnostics.length).toBeLessThanOrEqual(2);
      expect(
        tree.statements.map((each) => each.kind === "declaration" && each.name.kind === "identifier" && each.name.name),
      ).toEqual(["a", "b"]);
    }
  });

  test.each(openers)("%s that is never closed is two", (open) => {
    const found = codes(`const a = ${open.repeat(10_000)}`);
    expect(found).toContain("WRIT1006");
    expect(found.length).toBeLessThanOrEqual(3);
  });

  test.each(["!", "a.", "a&&", "a||", "f()."])("%s hangs together 500 times", (link) => {
    expect(codes(`const a = ${link.repeat(20_000)}b;\nf()`)).toContain("WRIT1007");
    expect(codes(`const a = ${link.repeat(100)}b;\nf()`)).toEqual([]);
  });

  test("64 levels and 500 links are within the bounds", () => {
    expect(codes(`const a = ${"[".repeat(63)}${"]".repeat(63)}`)).toEqual([]);
    expect(codes(`const a = ${"!".repeat(500)}b`)).toEqual([]);
    expect(codes(`const a = ${"!".repeat(501)}b`)).toEqual(["WRIT1007"]);
  });

  test("the bound is for what is inside one another, not for what stands in a row", () => {
    expect(codes(`const a = [${"[[1]], ".repeat(500)}]`)).toEqual([]);
    expect(codes(`const a = [${"r.a.b && !c, ".repeat(500)}]`)).toEqual([]);
    expect(codes("const a = r.b.c(d) && !e;\n".repeat(500))).toEqual([]);
  });
});

test(`after ${maximumDiagnostics} diagnostics one more says that there are more`, () => {
  const { diagnostics } = read(")\n".repeat(1000));
  expect(diagnostics.length).toBe(maximumDiagnostics + 1);
  expect(diagnostics.at(-1)?.code).toBe("WRIT1005");
});

test.each([
  "[",
  "(;",
  "`${",
  "'\\u{",
  "/[",
  "\\",
  ")",
  "const ",
  "import {",
  "a<",
  "a<b>",
  "а",
  "\u202e",
  "@",
  ": : :",
  "a:b\n",
  "/*",
  "\nconst a = f(",
  "x as ",
  "f(a b",
])("%j over and over is read soon", (piece) => {
  // A quadratic step over this size takes minutes; the bound leaves room for a busy machine.
  expect(time(piece.repeat(Math.floor(100_000 / piece.length)))).toBeLessThan(15_000);
});

function time(text: string): number {
  const begin = performance.now();
  read(text);
  return performance.now() - begin;
}
