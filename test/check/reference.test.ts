/** The words in the language reference: their examples are one estate without a fault, and their tables hold what the declarations hold. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { words } from "../../src/check/words/index.ts";
import { checkFiles, said } from "./estate.ts";

const root = resolve(import.meta.dirname, "../..");
const reference = readFileSync(resolve(root, "grammar/README.md"), "utf8");
const declarations = readFileSync(resolve(root, "grammar/words.ts"), "utf8");
const section = reference.slice(reference.indexOf("<!-- words:start -->"), reference.indexOf("<!-- words:end -->"));
const chapters = new Map(
  section
    .split("\n### ")
    .slice(1)
    .map((chapter) => [/^`([a-z]+)`/.exec(chapter)?.[1] ?? "", chapter] as const),
);

const data = {
  "fleet.json":
    '[{ "name": "batch-1", "subject": "batch-1", "tier": "workload", "owner": "team@example.com", "tags": ["batch"] }]',
  "tracker.yaml": `openapi: 3.1.0
info: { title: Tracker, version: "1" }
servers: [{ url: "https://tracker.example.com" }]
paths:
  /issues:
    get: { tags: [issues], security: [{ login: ["admin:issues"] }], responses: {} }
  /purge:
    post: { security: [{ login: ["admin:issues"] }], responses: {} }
components:
  securitySchemes:
    login: { type: oauth2, flows: { clientCredentials: { tokenUrl: "https://id.example.com/token", scopes: { "admin:issues": All } } } }
`,
};

/** All examples of the section as one file. */
function estate(): string {
  const code = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = ""]) => text).join("\n");
  return `import { api, cidr, condition, deny, emergency, example, grant, group, identity, issuer, never, registry, scopes, tier } from "writ";\n${code}`;
}

test("every word has its chapter", () => {
  expect([...chapters.keys()].sort()).toEqual(words.map((word) => word.name).sort());
});

test("the examples are one estate of which there is nothing to say", () => {
  const verdict = checkFiles({ "reference.policy.ts": estate(), ...data });
  expect(said(verdict)).toEqual([]);
  expect(verdict.model.nevers).toHaveLength(2);
  expect(verdict.model.examples).toHaveLength(2);
  expect(verdict.model.grants.map((grant) => grant.name)).toEqual(["acmeReads", "incident77", "paymentsRefund"]);
});

/** The properties of an interface, those that it inherits included. */
function propertiesOf(name: string): readonly string[] {
  const match = new RegExp(`^interface ${name}(?:<[^{]*?>)?(?: extends (\\w+)[^{]*)? \\{\\n([\\s\\S]*?)^\\}`, "m").exec(
    declarations,
  );
  expect(match, name).not.toBeNull();
  const [, parent, body = ""] = match ?? [];
  const own = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property = ""]) => property);
  return [...new Set([...(parent ? propertiesOf(parent) : []), ...own])];
}

describe.each([
  ["tier", "TierProperties"],
  ["issuer", "IssuerProperties"],
  ["identity", "SubjectProperties"],
  ["api", "ApiProperties"],
  ["grant", "GrantProperties"],
  ["deny", "DenyProperties"],
  ["emergency", "EmergencyProperties"],
  ["never", "NeverProperties"],
  ["example", "ExampleProperties"],
])("%s", (word, name) => {
  test("lists every property that its declaration has", () => {
    const listed = [...(chapters.get(word) ?? "").matchAll(/^\| `(\w+)` \|/gm)].map(([, property = ""]) => property);
    expect(listed.sort()).toEqual([...propertiesOf(name)].sort());
  });

  test("knows every property that its declaration has", () => {
    // An unknown property is reported with those that are known.
    const call =
      word === "issuer"
        ? `issuer("https://a.example.com", { qqqqq: 1 })`
        : word === "api"
          ? `api("a.example.com", { qqqqq: 1 })`
          : word === "example" || word === "never"
            ? `${word}("x", { qqqqq: 1 })`
            : `const x = ${word}({ qqqqq: 1 })`;
    const text = `import { ${word} } from "writ";\n${call.startsWith("const") || call.startsWith(`${word}("x"`) ? call : `const x = ${call}`};\n`;
    const help = checkFiles({ "x.policy.ts": text }).diagnostics.find(({ code }) => code === "WRIT2101")?.help ?? "";
    const known = [...help.matchAll(/`(\w+)`/g)].map(([, property = ""]) => property);
    const all = propertiesOf(name);
    expect(all).toEqual(expect.arrayContaining(known));
    if (all.length <= 10) expect(known.sort()).toEqual([...all].sort());
  });
});
