/** Coverage: what examples show is counted once, what they don't is said, and the files for other tools hold what they must. */
import { describe, expect, test } from "vitest";
import { coverageOf, coveragePage, lcovOf, percent } from "../../src/quality/index.ts";
import { type Compiled, everythingWith } from "./estate.ts";

const reads = (name: string, more: string, expected: string): string => `
example("${name}", {
  by: "api-eu",
  call: "GET notes.example.com/tenants/t1/notes",
  at: "2026-05-01",
  scopes: [notes.read],
  ${more}
  expect: "${expected}",
});
`;
const allowed = reads("allowed", 'claims: { region: "eu", tenant: "t1" },', "allow");
const elsewhere = reads("elsewhere", 'claims: { region: "us", tenant: "t1" },', "condition");
const otherTenant = reads("another tenant", 'claims: { region: "eu", tenant: "t2" },', "condition");
const neither = reads("neither", 'claims: { region: "us", tenant: "t2" },', "condition");
const late = reads("late", 'claims: { region: "eu", tenant: "t1" }, token: { exp: 1893456000 },', "token-lifetime");

/** What is missing of a declaration. */
function missing({ model, places }: Compiled, name: string): readonly string[] {
  const { declarations } = coverageOf(model, places);
  const its = declarations.find(({ declaration }) => declaration?.name === name)?.points ?? [];
  return its.flatMap((point) => (point.examples.length === 0 ? [point.missing] : []));
}

describe("coverage", () => {
  test("without an example is nothing at all", () => {
    const { model, places } = everythingWith("");
    const coverage = coverageOf(model, places);
    expect(coverage.shown).toBe(0);
    expect(percent(coverage)).toBe(0);
    expect(new Set(coverage.kinds.map(({ kind }) => kind))).toEqual(
      new Set(["condition", "deny", "grant", "operation", "reason", "tier"]),
    );
  });

  test("counts a comparison only where it alone decided", () => {
    const owner = "europeanReads";
    const region = (value: boolean) => `\`r.claims.region === "eu"\` never decides by being ${value}`;
    expect(missing(everythingWith(allowed), owner)).toEqual(
      expect.arrayContaining(["its condition is never false", region(false)]),
    );
    expect(missing(everythingWith(allowed), owner)).not.toContain(region(true));
    expect(missing(everythingWith(allowed + elsewhere), owner)).not.toContain(region(false));
    // Two comparisons are false: neither alone would have let the request in.
    expect(missing(everythingWith(allowed + neither), owner)).toContain(region(false));
    expect(missing(everythingWith(allowed + neither), owner)).not.toContain("its condition is never false");
  });

  test("follows a named condition into the rules that use it", () => {
    expect(missing(everythingWith(allowed), "ownTenant")).toContain("its condition is never false");
    expect(missing(everythingWith(allowed + otherTenant), "ownTenant")).toEqual([
      "its condition is never one that cannot be read",
    ]);
  });

  test("counts a tier by each way to be accepted and each rule that refuses", () => {
    expect(missing(everythingWith(""), "workload")).toHaveLength(7);
    expect(missing(everythingWith(allowed), "workload")).not.toContain("nobody is accepted by `mtls`");
    expect(missing(everythingWith(allowed + late), "workload")).not.toContain("no bound token lives too long");
    // Its identities have nothing but keys: no other way to present one, no token that could live too long.
    expect(missing(everythingWith(""), "legacy")).toEqual([
      "nobody is accepted by `key`",
      "revocations are never too old",
      "no key is too old",
      "nothing is refused for too little trust",
    ]);
  });

  test("asks for no call of what nobody is granted, and for no refusal of what is public", () => {
    const { model, places } = everythingWith("");
    const ungranted = { ...model, grants: model.grants.filter(({ name }) => name !== "writerWrites") };
    const { declarations } = coverageOf(ungranted, places);
    const of = (name: string) =>
      declarations.find(({ declaration }) => declaration?.name === name)?.points.map((point) => point.missing);
    expect(of("notes.example.com POST /tenants/{tenant}/notes")).toEqual(["no call is refused"]);
    expect(of("notes.example.com GET /health")).toEqual(["no call is allowed"]);
  });

  test("says the worst first", () => {
    const { model, places } = everythingWith(allowed);
    const shares = coverageOf(model, places).declarations.map(({ shown, of }) => shown / of);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });
});

describe("a tracefile of LCOV", () => {
  const { model, places } = everythingWith(allowed + elsewhere);
  const coverage = coverageOf(model, places);
  const records = lcovOf(coverage, "policies/").split("end_of_record\n");

  test("has a record for each file, and its totals are the sums of its lines", () => {
    expect(records.pop()).toBe("");
    expect(records).toHaveLength(1);
    for (const record of records) {
      const lines = record.split("\n");
      const of = (key: string) =>
        lines.filter((line) => line.startsWith(`${key}:`)).map((line) => line.slice(key.length + 1));
      expect(of("SF")).toEqual(["policies/notes.policy.ts"]);
      const [hits, taken] = [
        of("DA").map((line) => Number(line.split(",")[1])),
        of("BRDA").map((line) => line.split(",")[3]),
      ];
      expect(of("LF")).toEqual([String(hits.length)]);
      expect(of("LH")).toEqual([String(hits.filter((hit) => hit > 0).length)]);
      expect(of("BRF")).toEqual([String(taken.length)]);
      expect(of("BRH")).toEqual([String(taken.filter((count) => count !== "-" && count !== "0").length)]);
      const branchLines = new Set(of("BRDA").map((line) => line.split(",")[0]));
      expect(branchLines).toEqual(new Set(of("DA").map((line) => line.split(",")[0])));
    }
  });

  test("counts the examples at the line of a declaration", () => {
    const line = places.get("europeanReads")?.line;
    expect(records[0]).toContain(`\nDA:${line},2\n`);
    expect(records[0]).toContain(`\nBRDA:${line},0,0,1\n`);
    expect(records[0]).toContain(`\nDA:${places.get("noGuests")?.line},0\n`);
    expect(records[0]).toContain(`\nBRDA:${places.get("noGuests")?.line},0,0,-\n`);
  });
});

describe("the page", () => {
  test("marks each declaration, and shows what authors wrote as text", () => {
    const hostile = '\n// <script>alert(1)</script> & "quoted"\n';
    const { model, places, sources } = everythingWith(hostile + allowed);
    const page = coveragePage(coverageOf(model, places), sources, { prefix: "policies/", examples: 1 });
    expect(page).not.toContain("<script>");
    expect(page).toContain("// &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;");
    expect(page.match(/<tr class="bad">/g)?.length).toBeGreaterThan(3);
    expect(page).toMatch(/<tr class="part"><td>\d+<\/td><td class="part">◐<\/td><td><code>export const europeanReads/);
    expect(page).not.toMatch(/(?:src|href)=/);
  });
});
