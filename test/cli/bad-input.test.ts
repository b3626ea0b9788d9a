/** Input that is wrong in ways that happen, or that somebody wants to happen: each has a diagnostic with a name, and an end. */
import { describe, expect, test } from "vitest";
import { table } from "../../src/diagnostics/index.ts";
import type { MapFile } from "./map-host.ts";
import { writ } from "./run.ts";

const tier = `import { tier } from "writ";

export const workload = tier({ trust: 40, authentication: ["svid", "mtls"], tokenLifetime: { bound: "60m" } });
`;
const issuer = `import { issuer } from "writ";

export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
`;
const fleet = `import { registry } from "writ";
import { corp } from "./issuer.policy.ts";

export const fleet = registry("./fleet.json", { issuer: corp });
`;
const withRows = (...rows: readonly object[]): Record<string, MapFile> => ({
  "tiers.policy.ts": tier,
  "issuer.policy.ts": issuer,
  "fleet.policy.ts": fleet,
  "fleet.json": `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`,
});
const row = { name: "a", tier: "workload", owner: "team@example.com", subject: "spiffe://example.org/a" };
const api = (properties: string): Record<string, MapFile> => ({
  "api.policy.ts": `import { api, scopes } from "writ";

const orders = scopes("orders", ["read"]);
export const ordersApi = api("orders.example.com", { ${properties} });
`,
});
const document = (paths: string): Record<string, MapFile> => ({
  ...api('openapi: "./orders.yaml", operations: { "GET /orders": orders.read }'),
  "orders.yaml": `openapi: "3.1.0"\ninfo: { title: Orders, version: "1" }\npaths:\n${paths}`,
});
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** What it is, the estate, the code's name, and where it stands. */
const cases: readonly (readonly [what: string, files: Record<string, MapFile>, name: string, place: string])[] = [
  ["a policy that is not UTF-8", { "a.policy.ts": bytes("// caf\xe9\n") }, "not-utf8", "a.policy.ts:1:1"],
  ["a policy with a byte order mark", { "a.policy.ts": `\ufeff${tier}` }, "byte-order-mark", "a.policy.ts:1:1"],
  ["B19 a policy of ten megabytes", { "a.policy.ts": { size: 10_000_000 } }, "file-too-large", "a.policy.ts:1:1"],
  ["B19 a policy of a gigabyte", { "a.policy.ts": { size: 1_000_000_000 } }, "file-unreadable", "a.policy.ts"],
  [
    "B19 brackets nested 10,000 deep",
    { "a.policy.ts": `const a = ${"[".repeat(10_000)}${"]".repeat(10_000)};\n` },
    "nested-too-deeply",
    "a.policy.ts:1:74",
  ],
  [
    "B19 conditions nested 10,000 deep",
    {
      "a.policy.ts": `import { condition } from "writ";\n\nexport const a = condition((r) => ${"!(".repeat(10_000)}true${")".repeat(10_000)});\n`,
    },
    "nested-too-deeply",
    "a.policy.ts:3:158",
  ],
  [
    "files that import each other",
    {
      "a.policy.ts": 'import { b } from "./b.policy.ts";\n\nexport const a = [b];\n',
      "b.policy.ts": 'import { a } from "./a.policy.ts";\n\nexport const b = [a];\n',
    },
    "import-cycle",
    "b.policy.ts:1:19",
  ],
  [
    "B20 an import from outside the folder",
    {
      "a.policy.ts": 'import { b } from "../b.policy.ts";\n\nexport const a = [b];\n',
      "../b.policy.ts": "export const b = 1;\n",
    },
    "import-outside",
    "a.policy.ts:1:19",
  ],
  [
    "B20 a symbolic link out of the folder",
    { "a.policy.ts": { link: "../b.policy.ts" }, "../b.policy.ts": tier },
    "link-out-of-folder",
    "a.policy.ts",
  ],
  [
    "B20 a data file that is a symbolic link out of the folder",
    { ...withRows(), "fleet.json": { link: "../../etc/rows.json" }, "../../etc/rows.json": "[]" },
    "link-out-of-folder",
    "fleet.policy.ts:4:31",
  ],
  [
    "B20 a data file outside the folder",
    { ...withRows(), "fleet.policy.ts": fleet.replace("./fleet", "../fleet") },
    "data-reference",
    "fleet.policy.ts:4:31",
  ],
  [
    "B21 a look-alike letter",
    { "a.policy.ts": tier.replace("const workload", "const worklo\u0430d") },
    "look-alike-name",
    "a.policy.ts:3:14",
  ],
  ["two declarations of one name", { "a.policy.ts": tier, "b.policy.ts": tier }, "name-not-unique", "b.policy.ts:3:14"],
  [
    "a word that there is not",
    { "a.policy.ts": tier.replace("{ tier }", "{ teir }").replace("= tier(", "= teir(") },
    "unknown-word",
    "a.policy.ts:1:10",
  ],
  [
    "a row with a missing field",
    withRows({ name: "a", tier: "workload", subject: "spiffe://example.org/a" }),
    "registry-field-missing",
    "fleet.json:2:3",
  ],
  ["a row of a tier that there is not", withRows({ ...row, tier: "worklaod" }), "row-tier-unknown", "fleet.json:2:22"],
  ["two rows with one subject", withRows(row, { ...row, name: "b" }), "subject-taken", "fleet.json:3:70"],
  ["a registry that is not JSON", { ...withRows(), "fleet.json": "[{]" }, "data-not-json", "fleet.json:1:3"],
  [
    "a `$ref` that leads nowhere",
    document("  /orders:\n    $ref: '#/nowhere'\n"),
    "openapi-reference-unresolved",
    "orders.yaml:5:11",
  ],
  [
    "a `$ref` that leads to itself",
    document("  /orders:\n    $ref: '#/paths/~1other'\n  /other:\n    $ref: '#/paths/~1orders'\n"),
    "openapi-reference-cycle",
    "orders.yaml:5:11",
  ],
  [
    "B20 a `$ref` to the network",
    document("  /orders:\n    $ref: 'https://example.com/x.yaml'\n"),
    "openapi-reference-remote",
    "orders.yaml:5:11",
  ],
  [
    "an operation that nobody mapped",
    document("  /orders:\n    get: {}\n    post: {}\n"),
    "operation-unmapped",
    "api.policy.ts:4:63",
  ],
  [
    "two templates that match the same paths",
    api('operations: { "GET /orders/{id}": orders.read, "GET /orders/{number}": orders.read }'),
    "templates-equal",
    "api.policy.ts:4:101",
  ],
];

describe("writ check names what is wrong with", () => {
  test.each(cases)("%s", async (_what, files, name, place) => {
    const inFolder = Object.fromEntries(Object.entries(files).map(([path, file]) => [`policies/${path}`, file]));
    const begun = process.cpuUsage();
    const { exit, stdout, stderr } = await writ("check", inFolder);
    const { user, system } = process.cpuUsage(begun);
    expect([exit, stderr]).toEqual([1, ""]);
    const found = [...stdout.matchAll(/^error (WRIT\d{4}): .*\n {2}(\S+)/gm)].map(([, code = "", at]) => {
      return `${table[code as keyof typeof table].name} ${at}`;
    });
    expect(new Set(found)).toContain(`${name} policies/${place}`);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});

test("two templates that match the same paths are shown with a path that both match", async () => {
  const { stdout } = await writ("check", {
    "policies/api.policy.ts": String(
      api('operations: { "GET /a/{id}": orders.read, "GET /a/{number}": orders.read }')["api.policy.ts"],
    ),
  });
  expect(stdout).toMatch(/`\/a\/[^`{}]+`/);
});

test("a hostile text reaches no terminal as it is", async () => {
  const { stdout } = await writ("check", {
    "policies/a.policy.ts": 'const a = "\u001b]0;x\u0007\u202e";\nconst \u001b[31m = 1;\n',
  });
  expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
});
