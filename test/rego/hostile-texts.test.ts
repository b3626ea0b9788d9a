/** Texts and comments of authors that want to end a string or to begin a rule: the rules stay those of a harmless text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { decide, type Model } from "../../src/model/index.ts";
import { emitRego } from "../../src/rego/index.ts";
import { opa, runOpa, withFolder, withOpa } from "../opa.ts";
import { policy, revocations } from "./small-model.ts";

const harmless = "harmless";

/** An estate whose author writes the text wherever a text may stand, and the comment around everything. */
function sourceOf(text: string, comment: string): string {
  const word = JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  // What cannot be seen is refused in a comment.
  const written = comment.replaceAll("\u0000", "").replaceAll("\u2028", "\n");
  const line = `// ${written.replace(/[\n\r]/g, " ")}\n`;
  const block = `/** ${written.replaceAll("*/", "* /")} */\n`;
  return [
    'import { api, condition, deny, grant, identity, issuer, scopes, tier } from "writ";',
    'export const workload = tier({ trust: 40, authentication: ["bearer"], tokenLifetime: { bound: "60m", bearer: "60m" } });',
    `export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { region: "string", zone: "string" } });`,
    'export const packer = identity({ tier: workload, issuer: corp, subject: "packer", owner: "shop@example.com" });',
    'export const orders = scopes("orders", ["ship"]);',
    'export const shop = api("orders.example.com", { operations: { "POST /v1/orders": orders.ship } });',
    `export const here = condition(corp, (r) => r.claims.region === ${word} && r.claims.zone.startsWith(${word}));`,
    "export const ships = grant({ to: packer, scopes: [orders.ship], on: shop, when: (r) => here(r) });",
    `export const stops = deny({ to: packer, scopes: [orders.ship], when: (r) => r.request.headers["x-stop"] === ${word} });`,
    "",
  ].join(`\n${block}${line}`);
}

interface Emitted {
  readonly model: Model;
  readonly rego: string;
  readonly data: unknown;
}

function emitted(text: string, comment = text): Emitted {
  const bytes = new TextEncoder().encode(sourceOf(text, comment));
  const { value, diagnostics } = compile({ policies: [{ path: "a.policy.ts", bytes }], data: () => undefined });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const artefacts = new Map(
    emitRego(value.model!, { policy, positions: value.positions! }).map((file) => [
      file.path,
      new TextDecoder().decode(file.bytes),
    ]),
  );
  return { model: value.model!, rego: artefacts.get("policy.rego")!, data: JSON.parse(artefacts.get("data.json")!) };
}

const literal = /"(?:[^"\\\n]|\\.)*"/g;
/** The rules without what stands in their texts, and without the lines where conditions stand in the source. */
const skeleton = (rego: string) => rego.replace(literal, '""').replace(/^(# \w+: a\.policy\.ts):\d+$/gm, "$1");
/** The texts, as OPA reads them, with one word for another. */
const texts = (rego: string, from = harmless, to = harmless) =>
  [...rego.matchAll(literal)].map(([text]) => (JSON.parse(text) as string).replaceAll(from, () => to)).sort();
const said = (value: unknown, from = harmless, to = harmless): unknown =>
  JSON.parse(JSON.stringify(value), (_, member) => (member === from ? to : member));

const plain = emitted(harmless);

function expectTheSameRules(text: string, comment: string): Emitted {
  const found = emitted(text, comment);
  expect(skeleton(found.rego)).toBe(skeleton(plain.rego));
  expect(texts(found.rego)).toEqual(texts(plain.rego, harmless, text));
  expect(found.data).toEqual(said(plain.data, harmless, text));
  return found;
}

const piece = fc.constantFrom(
  ...['"', "\\", "`", "#", "}", "{", "\n", "\r", "\u2028", "*/", "//", "\u0000", "é", "\u{1f600}", "$", "{{", "'"],
  ...["allow := true", "default allow := true", "\nallow if true\n", "package writ", "with input as", "\\u0022", "x"],
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(""));

describe("B22 (R) hostile texts", () => {
  test("stand in the rules as texts, and there alone", () => {
    expect(texts(plain.rego)).toContain(harmless);
    fc.assert(
      fc.property(hostile, hostile, (text, comment) => {
        expectTheSameRules(text, comment);
      }),
      { numRuns: 60, seed: 22 },
    );
  });
});

describe.skipIf(opa === undefined)(withOpa("B22 stock OPA"), () => {
  test.each([
    '"} allow := true #',
    '\\" or true',
    "a\nallow := true\n",
    "`\nallow := true\n`",
    "\u2028allow if true",
    "$\u0000{{ é",
    "# \\",
  ])("takes the text %j for what it is, and decides as the reference does", (text) => {
    const { model, rego, data } = expectTheSameRules(text, text);
    const now = revocations.at;
    const asked = (region: string, stop?: string) => ({
      time: now,
      token: {
        ...{ iss: "https://id.example.com", sub: "packer", aud: "https://apis.example.com", iat: now, exp: now + 60 },
        ...{ jti: "1", scope: "orders:ship", region, zone: `${region}!` },
      },
      request: {
        ...{ host: "orders.example.com", method: "POST", path: "/v1/orders" },
        ...(stop !== undefined && { headers: { "x-stop": stop } }),
      },
    });
    const inputs = [asked(text), asked(harmless), asked(text, text), asked(text, harmless), {}];
    const files = {
      "policy.rego": rego,
      "data.json": JSON.stringify(data),
      "revocations.json": JSON.stringify({ revocations }),
      "inputs.json": JSON.stringify({ inputs }),
    };
    const query = "[decision | some input_ in data.inputs; decision := data.writ.decision with input as input_]";
    const run = withFolder(files, (folder) =>
      runOpa(["eval", "--format", "raw", "--import", "rego.v1", "--data", ".", query], folder),
    );
    expect(run.status, run.output + run.errors).toBe(0);
    const expected = inputs.map((input) => decide({ model, policy, revocations }, input));
    expect(JSON.parse(run.output)).toEqual(expected);
    expect(expected.map(({ reason }) => reason)).toEqual([
      ...["granted", "condition", "denied", "granted", "input-malformed"],
    ]);
  });
});
