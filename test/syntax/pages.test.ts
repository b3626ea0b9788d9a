/** The explain pages of the subset: the wrong sample yields its code and nothing else, the right one nothing, and safe fixes help. */
import { describe, expect, test } from "vitest";
import { type Diagnostic, table } from "../../src/diagnostics/index.ts";
import { decode, parse } from "../../src/syntax/index.ts";
import { apply } from "./helpers.ts";
import { readPage, type Sample } from "./pages.ts";

function diagnose({ path, bytes }: Sample): readonly Diagnostic[] {
  const source = decode(bytes, path);
  return source.diagnostics.length > 0 ? source.diagnostics : parse(source.value).diagnostics;
}

const codes = Object.keys(table).filter((code) => code.startsWith("WRIT1"));

describe.each(codes)("%s", (code) => {
  const page = readPage(code);

  test("the wrong sample yields it and nothing else", () => {
    const found = page.wrong.flatMap(diagnose).map((diagnostic) => diagnostic.code);
    expect(new Set(found)).toEqual(new Set([code, ...page.also]));
  });

  test("the right sample yields nothing", () => {
    expect(page.right.length).toBeGreaterThan(0);
    expect(page.right.flatMap(diagnose)).toEqual([]);
  });

  test("a safe fix leaves nothing to say", () => {
    for (const sample of page.wrong) {
      for (const { fix } of diagnose(sample)) {
        if (!fix?.safe || page.also.length > 0) continue;
        const fixed = apply(Buffer.from(sample.bytes).toString("utf8"), fix.edits);
        expect(parse({ path: sample.path, text: fixed }).diagnostics, fixed).toEqual([]);
      }
    }
  });
});
