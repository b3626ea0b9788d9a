/** One mistake is one sentence: what was not understood is not missed a second time where it is named. */
import { describe, expect, test } from "vitest";
import { importText, resolveImport } from "../../src/check/import-path.ts";
import { estate } from "../../src/cli/init.ts";
import { checkFiles, said } from "./estate.ts";

function saidOf(file: string, before: string, after: string): readonly string[] {
  expect(estate[file]).toContain(before);
  return said(checkFiles({ ...estate, [file]: estate[file]?.replace(before, after) ?? "" }));
}

describe.each<readonly [what: string, file: string, before: string, after: string, said: string]>([
  ["a misspelt word of a tier", "tiers.policy.ts", "workload = tier(", "workload = teir(", "WRIT2001 teir"],
  ["a misspelt property of a tier", "tiers.policy.ts", "tokenLifetime", "tokenLifetme", "WRIT2101 tokenLifetme"],
  ["a wrong value in a tier", "tiers.policy.ts", "trust: 40", 'trust: "40"', 'WRIT2104 "40"'],
  ["a wrong date of an identity", "identities.policy.ts", "2027-06-30", "2027-06-31", 'WRIT2112 "2027-06-31"'],
  ["a wrong date of a grant", "orders.policy.ts", "2027-04-30", "2027-04-31", 'WRIT2112 "2027-04-31"'],
  ["a misspelt claim", "orders.policy.ts", "r.claims.tenant ===", "r.claims.tennant ===", "WRIT2203 tennant"],
  ["a misspelt property of an API", "orders.policy.ts", "operations:", "operation:", "WRIT2101 operation"],
  ["a method that is none", "orders.policy.ts", '"GET /healthz"', '"get /healthz"', 'WRIT2123 "get /healthz"'],
  ["a registry that cannot be read", "fleet.json", "]", ",]", "WRIT5004 ]"],
  ["a constant that is itself", "tiers.policy.ts", "/** Our own", "const a = a;\n/** Our own", "WRIT2013 a"],
])("%s", (_, file, before, after, expected) => {
  test("is said once", () => {
    expect(saidOf(file, before, after)).toEqual([expected]);
  });
});

test("of a registry that holds nobody, only that is said", () => {
  const { diagnostics } = checkFiles({ ...estate, "fleet.json": "[]" });
  expect(diagnostics.map(({ code }) => code)).toEqual(["WRIT3030"]);
});

test("a tier that nobody declares is missed in every row that names it", () => {
  expect(saidOf("fleet.json", '"workload"', '"worklaod"')).toEqual(['WRIT3028 "worklaod"']);
});

test("where another file exports the name, the line that imports it is shown", () => {
  const text = estate["orders.policy.ts"]?.replace("acme, corp, fleet, shop", "acme, corp, shop") ?? "";
  const { diagnostics } = checkFiles({ ...estate, "orders.policy.ts": text });
  expect(diagnostics.map(({ help }) => help)).toEqual(['write `import { fleet } from "./identities.policy.ts";`']);
});

test.each([
  ["a.policy.ts", "b.policy.ts", "./b.policy.ts"],
  ["x/a.policy.ts", "b.policy.ts", "../b.policy.ts"],
  ["a.policy.ts", "x/b.policy.ts", "./x/b.policy.ts"],
  ["x/y/a.policy.ts", "x/z/b.policy.ts", "../z/b.policy.ts"],
  ["x/x/a.policy.ts", "x/b.policy.ts", "../b.policy.ts"],
])("%s imports %s by %s", (from, to, text) => {
  expect(importText(from, to)).toBe(text);
  expect(resolveImport(from, text)).toEqual({ kind: "file", path: to });
});
