/** The same declarations in another order, in other files and in another layout mean the same, to the byte. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalise } from "../../src/model/index.ts";
import { parse } from "../../src/syntax/index.ts";
import { checkFiles } from "./estate.ts";

const sample = resolve(import.meta.dirname, "../language/sample");
const files = Object.fromEntries(readdirSync(sample).map((name) => [name, readFileSync(join(sample, name), "utf8")]));
const policies = Object.keys(files).filter((name) => name.endsWith(".policy.ts"));
const data = Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith(".policy.ts")));
const expected = JSON.stringify(checkFiles(files).model);

interface Declaration {
  readonly name: string;
  readonly text: string;
}

/** Every statement of the sample, exported, with its name. */
const declarations: readonly Declaration[] = policies.flatMap((path) => {
  const text = files[path] ?? "";
  return parse({ path, text }).value.statements.map((statement) => {
    const source = text.slice(statement.span.start, statement.span.end).replace(/;$/, "");
    if (statement.kind === "call") return { name: "", text: source };
    const name = statement.name.kind === "identifier" ? statement.name.name : "";
    return { name, text: statement.exported ? source : `export ${source}` };
  });
});

const words = [
  "api",
  "cidr",
  "condition",
  "deny",
  "emergency",
  "example",
  "grant",
  "group",
  "identity",
  "issuer",
  "never",
  "registry",
  "scopes",
  "tier",
];

/** Files that each import exactly what they use. */
function write(parts: readonly (readonly Declaration[])[], spaces: string): Record<string, string> {
  const home = new Map(parts.flatMap((part, i) => part.map(({ name }) => [name, `f${i}.policy.ts`] as const)));
  return Object.fromEntries(
    parts.map((part, i) => {
      const path = `f${i}.policy.ts`;
      const body = part.map(({ text }) => text).join(`;${spaces}\n`);
      const uses = (name: string) =>
        name !== "" && new RegExp(`\\b${name}\\b(?!["-])`).test(body.replace(/"[^"]*"|\/\/.*/g, '""'));
      const imports = [...home].filter(([name, file]) => file !== path && uses(name));
      const lines = [
        `import {${spaces}${words.filter((word) => new RegExp(`\\b${word}\\(`).test(body)).join(", ")} } from "writ";`,
        ...imports.map(([name, file]) => `import { ${name} } from "./${file}";`),
      ];
      return [path, `${lines.join(`${spaces}\n`)}\n${body}\n`];
    }),
  );
}

/** What needs what, so that nothing is used above its declaration and no two files need each other. */
const inOrder = [...declarations].sort((a, b) => rank(a) - rank(b));

function rank({ text }: Declaration): number {
  const order = [
    "scopes(",
    "tier(",
    "issuer(",
    "identity(",
    "registry(",
    "group(",
    "api(",
    "condition(",
    "deny(",
    "grant(",
    "emergency(",
    "never(",
    "example(",
  ];
  return order.findIndex((word) => text.includes(`= ${word}`) || text.startsWith(word));
}

describe("the model", () => {
  test("of the sample holds every declaration", () => {
    expect(declarations.length).toBeGreaterThan(15);
    expect(checkFiles(files).diagnostics).toEqual([]);
  });

  test("is the same for the same declarations in other files, order and layout", () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: inOrder.length, maxLength: inOrder.length });
    const layout = fc.constantFrom("", " ", "  ", "\t");
    const keys = fc.array(fc.nat(), { minLength: inOrder.length, maxLength: inOrder.length });
    fc.assert(
      fc.property(cuts, layout, keys, (cut, spaces, key) => {
        // Things of one rank need none of each other, so they may change places.
        const shuffled = inOrder
          .map((declaration, i) => ({ declaration, rank: rank(declaration), key: key[i] ?? 0 }))
          .sort((a, b) => a.rank - b.rank || a.key - b.key)
          .map(({ declaration }) => declaration);
        const sorted = cut.toSorted((a, b) => a - b);
        const parts = [0, 1, 2, 3]
          .map((part) => shuffled.filter((_, i) => sorted[i] === part))
          .filter((part) => part.length > 0);
        const verdict = checkFiles({ ...write(parts, spaces), ...data });
        expect(verdict.diagnostics.filter((d) => d.severity === "error")).toEqual([]);
        expect(JSON.stringify(verdict.model)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  test("does not depend on the order of files", () => {
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect(JSON.stringify(checkFiles(reversed).model)).toBe(expected);
  });

  test("is frozen and in the one form in which it is compared", () => {
    const { model } = checkFiles(files);
    expect(Object.isFrozen(model)).toBe(true);
    expect(Object.isFrozen(model.grants[0]?.scopes)).toBe(true);
    expect(JSON.stringify(normalise(model))).toBe(expected);
  });
});
