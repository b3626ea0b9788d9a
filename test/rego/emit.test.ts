/** What is emitted: deterministic, well formed, safe against what an author writes into names, and free of the traps of Rego. */
import { describe, expect, test } from "vitest";
import { canonicalJsonBytes } from "../../src/json/index.ts";
import { type Model, normalise } from "../../src/model/index.ts";
import { emitRego } from "../../src/rego/index.ts";
import { randomModel } from "../agree/random-model.ts";
import { opa, runOpa, withFolder, withOpa } from "../opa.ts";
import { Random } from "../random.ts";
import { policy, smallModel } from "./small-model.ts";

function emitted(model: Model, options: Partial<Parameters<typeof emitRego>[1]> = {}): Record<string, string> {
  const artefacts = emitRego(model, { policy, ...options });
  return Object.fromEntries(artefacts.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
}

const sample = emitted(smallModel);
const rego = sample["policy.rego"]!;

/** Names that would end a string, a comment or a rule if they were pasted. */
const hostile = [
  '"} allow := true #',
  "a\nallow := true",
  "a\u2028allow := true",
  "`",
  "\\",
  "{{",
  "$x{y}",
  "\u{202e}é\u0000",
];

function hostileModel(text: string): Model {
  const [condition] = smallModel.conditions;
  const [deny] = smallModel.denies;
  const [api] = smallModel.apis;
  const [issuer] = smallModel.issuers;
  return normalise({
    ...smallModel,
    issuers: [{ ...issuer!, claims: [...issuer!.claims, { name: text, type: "string", optional: true }] }],
    conditions: [{ ...condition!, name: text }],
    denies: [
      {
        ...deny!,
        when: {
          kind: "and",
          of: [
            { kind: "named", name: text },
            { kind: "compare", operator: "equal", fact: { kind: "claim", issuer: "corp", name: text }, literal: text },
            { kind: "not", of: { kind: "in", fact: { kind: "header", name: text }, values: [text] } },
            { kind: "starts-with", fact: { kind: "parameter", name: text }, text },
          ],
        },
      },
    ],
    apis: [{ ...api!, name: text, host: text, headers: [{ kind: "text", name: text, text }] }],
  });
}

describe("the tables", () => {
  test("are written in the one canonical spelling, so that OPA's digest is the digest of the bytes", () => {
    for (let seed = 0; seed < 20; seed++) {
      const [data] = emitRego(randomModel(new Random(seed)), { policy });
      expect(data?.path).toBe("data.json");
      expect(canonicalJsonBytes(JSON.parse(new TextDecoder().decode(data!.bytes)))).toEqual(data!.bytes);
    }
  });

  test("share no name with a rule", () => {
    const tables = Object.keys((JSON.parse(sample["data.json"]!) as { writ: object }).writ);
    const rules = new Set([...rego.matchAll(/^(?:default )?([a-z_0-9]+)/gm)].map(([, name]) => name));
    expect(tables.length).toBeGreaterThan(15);
    expect(tables.filter((name) => rules.has(name))).toEqual([]);
  });

  test("are the same whatever the order of the declarations", () => {
    const reversed = normalise({
      ...smallModel,
      grants: smallModel.grants.toReversed(),
      identities: smallModel.identities.toReversed(),
      apis: smallModel.apis.map((api) => ({ ...api, operations: api.operations.toReversed() })),
    });
    expect(emitted(reversed)).toEqual(sample);
  });
});

describe("the rules", () => {
  test("after `not` stand alone or are given what is bound: OPA evaluates arguments outside of the negation", () => {
    // Each function below is given a parameter of its rule or a variable bound in the line before.
    const bound =
      /^(?:present\((?:input\.token|headers_sent), name\)|grant_is_revoked\(grant\.name\)|is_string\(value\)|are_scopes\(value\)|is_array\(value\)|contains\((?:value|text), "[%/]"\)|regex\.match\(.*, (?:input\.request\.path|text)\))$/;
    const texts = [rego, ...Array.from({ length: 40 }, (_, n) => emitted(randomModel(new Random(n)))["policy.rego"]!)];
    const negated = texts.flatMap((text) =>
      [...text.replaceAll(/^\s*#.*$/gm, "").matchAll(/\bnot ([^\n]+)/g)].map(([, what]) => what!),
    );
    const alone = /^[a-z_]+(?:\.[\w]+|\["(?:[^"\\]|\\.)*"\]|\[(?:name|form)\])*$/;
    expect(negated.length).toBeGreaterThan(100);
    expect([...new Set(negated.filter((what) => !alone.test(what) && !bound.test(what)))]).toEqual([]);
  });

  test("name the author's conditions and where they stand", () => {
    const positions = new Map([["writes", { path: "orders.policy.ts", line: 24 }]]);
    const text = emitted(smallModel, { positions })["policy.rego"]!;
    expect(text).toContain("# writes: orders.policy.ts:24\nreadable.writes if {\n");
    expect(text).toContain('holds.ownTenant if input.token.tenant == parameter("tenant")');
  });

  test("of conditions are shared by those of one form where there are many", () => {
    const text = emitted(smallModel, { ownConditions: 1 })["policy.rego"]!;
    expect(text).toContain("holds_form[form][name]");
    expect(text).toContain("address_in(input.request.ip, data.writ.forms[name].literals[0])");
  });

  test.each(hostile)("stay rules with the name %j", (text) => {
    const all = emitted(hostileModel(text), { positions: new Map([[text, { path: text, line: 1 }]]) });
    const lines = all["policy.rego"]!.split("\n");
    expect(lines.filter((line) => line.startsWith("allow"))).toEqual(["allow if decision.allow"]);
    expect(all["policy.rego"]).toMatch(/^[\t\n\x20-\x7e]*$/);
  });
});

describe.skipIf(opa === undefined)(withOpa("stock OPA"), () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ["a small estate", sample],
    [
      "an empty one",
      emitted(
        normalise({
          ...smallModel,
          tiers: [],
          issuers: [],
          identities: [],
          groups: [],
          scopes: [],
          apis: [],
          conditions: [],
          grants: [],
          denies: [],
        }),
      ),
    ],
    ["one with shared conditions", emitted(smallModel, { ownConditions: 1 })],
    ...hostile.map(
      (text) => [`one with the hostile name ${JSON.stringify(text)} (B22)`, emitted(hostileModel(text))] as const,
    ),
    ...Array.from({ length: 10 }, (_, n) => [`random estate ${n}`, emitted(randomModel(new Random(n)))] as const),
  ];

  test.each(cases)("finds nothing to correct or to format in %s", (_, files) => {
    withFolder(files, (folder) => {
      const checked = runOpa(["check", "--strict", "policy.rego", "envoy.rego", "data.json"], folder);
      expect(checked.errors + checked.output).toBe("");
      // The formatter would write non-ASCII names of members as they are (and NUL so that nothing reads it): here they stay escaped.
      if (/\["[^"\n]*\\u[0-9a-f]{4}/.test(files["policy.rego"]!)) return;
      const formatted = runOpa(["fmt", "--diff", "policy.rego", "envoy.rego"], folder);
      expect(formatted.output + formatted.errors).toBe("");
    });
  });
});
