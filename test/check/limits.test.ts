/** Estates that are large, and estates that are meant to be too much: the time grows with what there is, and nothing overflows. */
import { describe, expect, test } from "vitest";
import { processorTime } from "../processor-time.ts";
import { base, checkFiles, codes } from "./estate.ts";

const times = (count: number, line: (i: number) => string, between = "\n") =>
  Array.from({ length: count }, (_, i) => line(i)).join(between);

/** Errors only: the base imports more words than each case uses. */
function errorsOf(files: Record<string, string>): readonly string[] {
  const verdict = checkFiles(files);
  return codes({ ...verdict, diagnostics: verdict.diagnostics.filter((d) => d.severity === "error") });
}

function large(rows: number, operations: number, grants: number): Record<string, string> {
  return {
    "estate.policy.ts": `import { api, grant, group, issuer, registry, scopes, tier } from "writ";
const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "15m" }, wildcards: true });
const corp = issuer("https://id.example.com", { audience: "a", algorithms: ["ES256"], claims: { tenant: "string" } });
const fleet = registry("./fleet.ndjson", { issuer: corp });
${times(10, (i) => `const team${i} = group(fleet, (i) => i.tags.includes("t${i}"));`)}
${times(50, (i) => `const res${i} = scopes("res${i}", ["read", "write"], { implies: { write: ["read"] } });`)}
const all = api("all.example.com", { operations: {
${times(operations, (i) => `  "${i % 2 ? "GET" : "POST"} /v1/{tenant}/c${i}": res${i % 50}.${i % 2 ? "read" : "write"},`)}
} });
${times(grants, (i) => `const grant_${i} = grant({ to: [team${i % 10}, team${(i + 3) % 10}], scopes: ["res${i % 50}:*", res${(i + 1) % 50}.read], on: all, when: (r) => r.claims.tenant === r.params.tenant });`)}
`,
    "fleet.ndjson": times(
      rows,
      (i) =>
        `{ "name": "svc-${i}", "subject": "spiffe://example.org/ns/n${i % 9}/sa/${i % 20 === 0 ? "*" : `s${i}`}${i % 20 === 0 ? `/x${i}` : ""}", "tier": "workload", "owner": "o${i % 99}@example.com", "tags": ["t${i % 10}"] }`,
    ),
  };
}

describe("a large estate", () => {
  test("is understood whole, in time that grows with its size", () => {
    const files = [large(500, 100, 100), large(5_000, 1_000, 1_000)];
    checkFiles(files[0] ?? {});
    const [small = 0, tenfold = 0] = files.map((estate) => {
      const start = processorTime();
      const { model, diagnostics } = checkFiles(estate);
      expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
      expect(model.grants.length * 5).toBe(model.identities.length);
      expect(model.apis[0]?.operations.length).toBe(model.grants.length);
      return processorTime() - start;
    });
    // Quadratic would be a hundredfold.
    expect(tenfold).toBeLessThan(Math.max(small, 60) * 40);
  });
});

describe.each<readonly [what: string, errors: readonly string[], files: Record<string, string>]>([
  [
    "thousands of names that nobody declares",
    ["WRIT2001"],
    { "a.policy.ts": base + times(3_000, (i) => `const g${i}x = grant({ to: q${i}, scopes: ["orders:read"] });`) },
  ],
  [
    "thousands of imports of nothing",
    ["WRIT2006"],
    {
      "a.policy.ts": times(5_000, (i) => `export const thing${i}x = ["a"];`),
      "b.policy.ts": `import { ${times(5_000, (i) => `thong${i}x`, ", ")} } from "./a.policy.ts";\n`,
    },
  ],
  [
    "patterns of the subjects of thousands of rows",
    ["WRIT3023", "WRIT3024"],
    {
      "a.policy.ts": `${base}const fleet = registry("./f.ndjson", { issuer: corp });`,
      "f.ndjson": times(5_000, (i) => {
        const segments = [i & 1 ? "*" : `x${i}`, i & 2 ? "*" : `y${i % 100}`, i & 4 ? "*" : `z${i}`];
        return `{ "name": "n${i}", "subject": "spiffe://e.org/${segments.join("/")}/w", "tier": "workload", "owner": "o" }`;
      }),
    },
  ],
  [
    "conditions that rest on each other in a long chain",
    ["WRIT2140"],
    {
      "a.policy.ts": `${base}const cx = condition((r) => r.token.age < 3);\nconst c0 = condition((r) => cx(r));\n${times(3_000, (i) => `const c${i + 1} = condition((r) => c${i}(r) && r.token.age < 4);`)}`,
    },
  ],
  [
    "conditions that are each declared before what they rest on",
    ["WRIT2140"],
    {
      "a.policy.ts": `${base}${times(3_000, (i) => `const c${i}x = condition((r) => c${i + 1}x(r));`)}\nconst c3000x = condition((r) => r.token.age < 3);`,
    },
  ],
  [
    "conditions that double",
    ["WRIT2142"],
    {
      "a.policy.ts": `${base}const c0 = condition((r) => r.token.age < 3);\n${times(20, (i) => `const c${i + 1} = condition((r) => (c${i}(r) && r.token.age < ${i}) || (c${i}(r) && r.token.lifetime < ${i}));`)}`,
    },
  ],
  [
    "lists that double",
    ["WRIT2140", "WRIT2141"],
    {
      "a.policy.ts": `${base}const a0 = [${times(40, () => "payments", ", ")}];\n${times(40, (i) => `const a${i + 1} = [...a${i}, ...a${i}, ...a${i}, ...a${i}];`)}\nconst gx = grant({ to: a40, scopes: [orders.read] });\nconst gy = grant({ to: a5, scopes: [orders.read] });`,
    },
  ],
  [
    "empty lists and objects that hold each other many times over",
    ["WRIT2109"],
    {
      "a.policy.ts": `${base}const a0 = [];\nconst b0 = {};\n${times(7, (i) => `const a${i + 1} = [${times(200, () => `...a${i}`, ", ")}];\nconst b${i + 1} = { ${times(200, () => `...b${i}`, ", ")} };`)}\nconst gx = grant({ to: a7, scopes: [orders.read], ...b7 });`,
    },
  ],
  [
    "constants that stand for each other in a long chain",
    ["WRIT2140"],
    {
      "a.policy.ts": `${base}const a0 = "o";\n${times(100, (i) => `const a${i + 1} = a${i};`)}\nconst x = identity({ tier: workload, issuer: corp, subject: "x", owner: a100 });`,
    },
  ],
])("%s", (_what, errors, files) => {
  test("are refused by name, in seconds", () => {
    const start = processorTime();
    expect(errorsOf(files)).toEqual(errors);
    expect(processorTime() - start).toBeLessThan(6_000);
  });
});
