/** What `tsc` refuses we refuse: held on policies of which one word after another is replaced by another one. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkFiles } from "./estate.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "writ-mutations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = {
  "fleet.json": '[{ "name": "batch-1", "subject": "b", "tier": "workload", "owner": "c", "tags": ["batch"] }]',
  "tracker.yaml": `openapi: 3.1.0
info: { title: Tracker, version: "1" }
paths: { /issues: { get: { tags: [issues], security: [{ login: ["admin:issues"] }], responses: {} } } }
components: { securitySchemes: { login: { type: oauth2, flows: {} } } }
`,
};

/** The examples of the language reference, and an estate that spreads constants. */
function originals(): readonly string[] {
  const reference = readFileSync(join(root, "grammar/README.md"), "utf8");
  const words = reference.slice(reference.indexOf("<!-- words:start -->"), reference.indexOf("<!-- words:end -->"));
  const code = [...words.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = ""]) => text).join("\n");
  const imports = [
    ...new Set(
      [
        ...code.matchAll(
          /\b(api|cidr|condition|deny|emergency|example|grant|group|identity|issuer|never|registry|scopes|tier)\(/g,
        ),
      ].map(([, word]) => word),
    ),
  ];
  const read = (name: string) => readFileSync(join(root, "test/language/constants", name), "utf8");
  const constants = read("estate.policy.ts").replace(/import \{ owners.*\n/, read("shared.policy.ts"));
  return [`import { ${imports.join(", ")} } from "writ";\n${code}`, constants];
}

const replacements = [
  "undefined",
  "[]",
  "{}",
  "corp",
  "orders",
  "orders.read",
  "tier",
  '"a:b"',
  '"orders:*"',
  "-1",
  "1",
  "true",
  "payments",
  "acme",
  "fleet",
  "workload",
  "ownTenant",
  "ordersApi",
  "[corp]",
  '"public"',
  '"2027-01-01"',
  '"5m"',
  '"x"',
  "batch",
  "r.claims.tenant",
  "r.params.x",
  "r.request.ip",
  "r.token.age",
  "[payments]",
  "r.identity.tier",
  '"mtls"',
  '"eu"',
  '"strings"',
];

/** Always the same choices. */
function chooser(): (below: number) => number {
  let state = 77;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

function mutate(text: string, choose: (below: number) => number): string {
  const tokens = text.match(/[A-Za-z_$][\w$]*(?:\.[A-Za-z_]\w*)*|"[^"\n]*"|\d+|\s+|[^\sA-Za-z]/g) ?? [];
  const words = [...tokens.keys()].filter(
    (i) => /^[A-Za-z"\d]/.test(tokens[i] ?? "") && !/^(?:const|export|import|from)$/.test(tokens[i] ?? ""),
  );
  const place = words[choose(words.length)] ?? 0;
  const other = tokens[words[choose(words.length)] ?? 0] ?? "";
  tokens[place] = choose(2) === 0 ? other : (replacements[choose(replacements.length)] ?? "");
  return tokens.join("");
}

test("what tsc refuses is refused", () => {
  const choose = chooser();
  const texts = originals();
  const accepted: string[] = [];
  let refused = 0;
  mkdirSync(join(folder, "accepted"));
  for (let i = 0; i < 2_500; i++) {
    const text = mutate(texts[choose(texts.length)] ?? "", choose);
    const { diagnostics } = checkFiles({ "x.policy.ts": text, ...data });
    if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) refused++;
    else {
      accepted.push(text);
      writeFileSync(join(folder, `accepted/${accepted.length}.policy.ts`), text);
    }
  }
  expect(refused).toBeGreaterThan(1_500);
  expect(accepted.length).toBeGreaterThan(100);
  const own = JSON.parse(readFileSync(join(root, "policies/tsconfig.json"), "utf8")) as { compilerOptions: object };
  const compilerOptions = { ...own.compilerOptions, paths: { writ: [join(root, "grammar/words.ts")] } };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["accepted"] }));
  let output = "";
  try {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], { encoding: "utf8" });
  } catch (error) {
    output = String((error as { stdout: unknown }).stdout);
  }
  expect(output).toBe("");
});
