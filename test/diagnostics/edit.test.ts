/** Fixes are applied whole, never over each other, and until there are none left. */
import { expect, test } from "vitest";
import { applyFixes, type Diagnostic, type Edit, fixUntilStable, report } from "../../src/diagnostics/index.ts";

const path = "a.policy.ts";

function edit(start: number, end: number, text: string, at = path): Edit {
  return { span: { path: at, start, end }, text };
}

function fixed(edits: readonly Edit[], safe = true): Diagnostic {
  return report("WRIT2001", undefined, { name: "x" }, { fix: { title: "it", safe, edits } });
}

test("edits of several fixes are applied at their own places", () => {
  const { changed, applied } = applyFixes(new Map([[path, "one two three"]]), [
    fixed([edit(8, 13, "3")]),
    fixed([edit(0, 3, "1"), edit(4, 7, "2")]),
  ]);
  expect(changed.get(path)).toBe("1 2 3");
  expect(applied).toBe(2);
});

test("of two fixes that touch the same characters the second waits, whole", () => {
  const { changed, applied } = applyFixes(new Map([[path, "one two three"]]), [
    fixed([edit(0, 7, "x")]),
    fixed([edit(4, 7, "y"), edit(8, 13, "z")]),
    fixed([edit(0, 0, "first")]),
  ]);
  expect(changed.get(path)).toBe("x three");
  expect(applied).toBe(1);
});

test("the same fix on two diagnostics is applied once", () => {
  expect(
    applyFixes(new Map([[path, "ab"]]), [fixed([edit(1, 1, "-")]), fixed([edit(1, 1, "-")])]).changed.get(path),
  ).toBe("a-b");
});

test("unsafe fixes, and fixes of files that are not there, are left alone", () => {
  const sources = new Map([[path, "ab"]]);
  const { changed, applied } = applyFixes(sources, [
    fixed([edit(0, 1, "x")], false),
    fixed([edit(0, 1, "x", "b.policy.ts"), edit(1, 2, "y")]),
    fixed([edit(1, 9, "y")]),
  ]);
  expect([changed.size, applied]).toEqual([0, 0]);
});

test("a fix that uncovers another is followed by it", () => {
  const look = (sources: ReadonlyMap<string, string>): Diagnostic[] => {
    const text = sources.get(path) ?? "";
    return text.length < 4 ? [fixed([edit(text.length, text.length, "+")])] : [];
  };
  const { changed, applied } = fixUntilStable(new Map([[path, "a"]]), look);
  expect([changed.get(path), applied]).toEqual(["a+++", 3]);
});

test("fixes that undo each other come to an end", () => {
  const look = (sources: ReadonlyMap<string, string>): Diagnostic[] => [
    fixed([edit(0, 1, sources.get(path) === "a" ? "b" : "a")]),
  ];
  expect(fixUntilStable(new Map([[path, "a"]]), look, 7).applied).toBe(7);
});
