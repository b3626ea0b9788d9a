/** The word `never`: what it says to the model, and that nothing of it is deployed. */
import { describe, expect, test } from "vitest";
import { emit } from "../../src/compile.ts";
import { normalise } from "../../src/model/index.ts";
import { base, checkFiles, codes } from "../check/estate.ts";

function check(line: string) {
  const verdict = checkFiles({ "x.policy.ts": `${base}\n${line}\n` });
  // The base imports every word, and a line uses few.
  return { ...verdict, diagnostics: verdict.diagnostics.filter(({ code }) => code !== "WRIT2012") };
}

describe("a never", () => {
  test("is understood with everything that it can say", () => {
    const { model, diagnostics } = check(
      'never("b", { by: [partner, acme, payments], scopes: ["orders:{read,write}"], on: [ordersApi], when: (r) => r.request.method === "POST" });\n' +
        'never("a", { issuer: corp, scopes: [orders.write], when: (r) => r.claims.region === "eu" });',
    );
    expect(diagnostics).toEqual([]);
    expect(model.nevers).toEqual([
      {
        name: "a",
        issuer: "corp",
        scopes: ["orders:write"],
        patterns: ["orders:write"],
        when: {
          kind: "compare",
          operator: "equal",
          fact: { kind: "claim", issuer: "corp", name: "region" },
          literal: "eu",
        },
      },
      {
        name: "b",
        by: { identities: ["acme", "payments"], groups: [], tiers: ["partner"] },
        scopes: ["orders:read", "orders:write"],
        patterns: ["orders:{read,write}"],
        on: ["ordersApi"],
        when: { kind: "compare", operator: "equal", fact: { kind: "request", name: "method" }, literal: "POST" },
      },
    ]);
  });

  test("is not closed under implication: a never of writes is none of reads", () => {
    const { model } = check('never("a", { scopes: [orders.write] });');
    expect(model.nevers?.[0]?.scopes).toEqual(["orders:write"]);
  });

  test("is no member of a model that has none", () => {
    const { model } = check("");
    expect("nevers" in model).toBe(false);
    expect("nevers" in normalise({ ...model, nevers: [] })).toBe(false);
  });

  test("changes nothing of what is deployed, not even the revision", () => {
    const without = emit(check("").model);
    const { model } = check('never("acme", { by: acme, scopes: [orders.refund] });');
    expect(model.nevers).toHaveLength(1);
    const { artefacts, policy } = emit(model);
    expect(policy).toEqual(without.policy);
    expect(artefacts.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("base64")])).toEqual(
      without.artefacts.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("base64")]),
    );
  });
});

describe("what is said of a never", () => {
  test.each([
    ['never("a", { by: acme, issuer: corp, scopes: [orders.write] });', "WRIT4103"],
    ['never("a", { by: legacy, issuer: corp, scopes: [orders.write] });', ""],
    ['never("a", { by: partner, issuer: corp, scopes: [orders.write] });', "WRIT4103"],
    ['never("a", { by: [partner, payments], issuer: corp, scopes: [orders.write] });', ""],
    ['never("a", { issuer: corp, scopes: [orders.write] });', ""],
    ['never("a", { scopes: [orders.refund], on: api("other.example.com", { operations: {} }) });', "WRIT2018"],
    [
      'const idle = api("idle.example.com", { operations: { "GET /": orders.read } });\nnever("a", { scopes: [orders.refund], on: idle });',
      "WRIT3211",
    ],
    ['never("a", { scopes: [orders.refund], when: (r) => r.params.tenant === "t1" });', "WRIT3208"],
    ['never("a", { scopes: [orders.refund], when: (r) => r.request.headers["x-a"] === "b" });', ""],
  ])("%s", (line, code) => {
    expect(codes(check(line))).toEqual(code === "" ? [] : [code]);
  });
});
