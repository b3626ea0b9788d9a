/** What must never be: proved where it holds, and broken by a request where it does not. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { decideBy } from "../../src/diff/index.ts";
import { normalise } from "../../src/model/index.ts";
import { proveNevers } from "../../src/prove/index.ts";
import { base, checkFiles } from "../check/estate.ts";

function broken(lines: string) {
  const { model, diagnostics } = checkFiles({ "x.policy.ts": `${base}\n${lines}\n` });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return proveNevers(model);
}

function names(lines: string): readonly string[] {
  return broken(lines).map(({ never, grants }) => `${never.name}: ${grants.join()}`);
}

const refunds = "const refunds = grant({ to: payments, scopes: [orders.refund] });";
const ofTheEu =
  'const refunds = grant({ to: payments, scopes: [orders.refund], when: (r) => r.claims.region === "eu" });';

describe("a never holds", () => {
  test.each([
    ["where nothing is granted", 'never("a", { scopes: ["*:**"] });'],
    ["for others", `${refunds}\nnever("a", { by: acme, scopes: [orders.refund] });`],
    ["for another tier", `${refunds}\nnever("a", { by: [partner, legacy], scopes: [orders.refund] });`],
    ["for other scopes", `${refunds}\nnever("a", { scopes: [orders.read, orders.write] });`],
    ["for tokens of another issuer", `${refunds}\nnever("a", { issuer: other, scopes: [orders.refund] });`],
    [
      "where the grant's condition keeps it",
      `${ofTheEu}\nnever("a", { issuer: corp, scopes: [orders.refund], when: (r) => r.claims.region !== "eu" });`,
    ],
    [
      "where a deny keeps it",
      `${refunds}\nconst no = deny({ to: payments, scopes: [orders.refund], when: (r) => r.request.headers["x-guest"] !== undefined });\n` +
        'never("a", { scopes: [orders.refund], when: (r) => r.request.headers["x-guest"] === "yes" });',
    ],
    [
      "where the tier keeps it",
      `${refunds}\nnever("a", { issuer: corp, scopes: [orders.refund], when: (r) => r.token.lifetime > 900 });`,
    ],
    [
      "for who is called otherwise",
      `${refunds}\nnever("a", { scopes: [orders.refund], when: (r) => r.identity.name !== "payments" });`,
    ],
    [
      "where the identity has ended before",
      'const late = grant({ to: acme, scopes: [orders.refund], from: "2027-07-01", until: "2027-08-01", approved: { by: "a" } });\nnever("a", { by: acme, scopes: [orders.refund] });',
    ],
  ])("%s", (_, lines) => expect(names(lines)).toEqual([]));
});

describe("a never is broken", () => {
  test.each([
    ["by a grant", `${refunds}\nnever("a", { scopes: ["orders:*"] });`, ["a: refunds"]],
    [
      "by who is in a group",
      `${refunds}\nconst all = group([payments, acme], (i) => i.owner !== "x");\nnever("a", { by: all, scopes: [orders.refund] });`,
      ["a: refunds"],
    ],
    ["by who is in a tier", `${refunds}\nnever("a", { by: workload, scopes: [orders.refund] });`, ["a: refunds"]],
    [
      "by a token of the issuer",
      `${refunds}\nnever("a", { issuer: corp, scopes: [orders.refund], when: (r) => r.claims.region === "us" });`,
      ["a: refunds"],
    ],
    [
      "by an SVID, whose claims cannot be read",
      `${refunds}\nnever("a", { by: payments, scopes: [orders.refund], when: (r) => r.claims.region === "us" && r.claims.region !== "us" });`,
      ["a: refunds"],
    ],
    [
      "by who is called so",
      `${refunds}\nnever("a", { scopes: [orders.refund], when: (r) => r.identity.name === "payments" });`,
      ["a: refunds"],
    ],
    [
      "by each set of grants by itself",
      `${refunds}\nconst more = grant({ to: acme, scopes: [orders.read], until: "2027-01-31", approved: { by: "a" } });\nnever("a", { scopes: ["orders:*"] });\nnever("b", { by: acme, scopes: [orders.read] });`,
      ["a: more", "a: refunds", "b: more"],
    ],
    [
      "by each of two who have the same rights, though only one of them is meant",
      'const acme2 = identity({ tier: partner, issuer: other, subject: "acme-2", owner: "team@example.com", expires: "2027-06-30" });\n' +
        'const one = grant({ to: acme, scopes: [orders.refund], until: "2027-01-31", approved: { by: "a" } });\n' +
        'const two = grant({ to: acme2, scopes: [orders.refund], until: "2027-01-31", approved: { by: "a" } });\n' +
        'never("a", { by: acme, scopes: [orders.refund] });\nnever("b", { by: acme2, scopes: [orders.refund] });\nnever("c", { by: partner, scopes: [orders.refund] });',
      ["a: one", "b: two", "c: one", "c: two"],
    ],
    [
      "through an implied scope",
      'const writes = grant({ to: payments, scopes: [orders.write] });\nnever("a", { scopes: [orders.read] });',
      ["a: writes"],
    ],
  ])("%s", (_, lines, expected) => expect(names(lines)).toEqual(expected));

  test("by a request that the reference allows, the same in every order", () => {
    const lines = `${refunds}\nnever("a", { issuer: corp, scopes: [orders.refund], when: (r) => r.claims.tenant !== "t1" && r.token.age > 60 });`;
    const { model } = checkFiles({ "x.policy.ts": `${base}\n${lines}\n` });
    const [violation, ...more] = proveNevers(model);
    expect(more).toEqual([]);
    const { input, revocations, decision } = violation!.counterexample;
    expect(decision).toMatchObject({ allow: true, identity: "payments", grants: ["refunds"] });
    expect(decideBy(model, { input, revocations })).toEqual(decision);
    expect(input.time - (input.token?.iat as number)).toBeGreaterThan(60);
    expect(input.token?.tenant).not.toBe("t1");
    const reversed = normalise({
      ...model,
      identities: model.identities.toReversed(),
      grants: model.grants.toReversed(),
      apis: model.apis.map((api) => ({ ...api, operations: api.operations.toReversed() })),
    });
    expect(proveNevers(reversed)).toEqual([violation]);
  });
});

describe("the compiler", () => {
  const compiled = (lines: string) =>
    compile({
      policies: [{ path: "x.policy.ts", bytes: new TextEncoder().encode(`${base}\n${lines}\n`) }],
      data: () => undefined,
    });

  test("says at the grant what breaks a never, and emits nothing", () => {
    const { value, diagnostics } = compiled(
      `${refunds}\nnever("we refund nothing", { issuer: corp, scopes: [orders.refund] });`,
    );
    const said = diagnostics.find(({ code }) => code === "WRIT4101");
    expect(said).toMatchObject({ severity: "error", message: "this breaks what must never be: `we refund nothing`" });
    expect(said?.help).toMatch(
      /^`POST orders\.example\.com\/v1\/refunds` by `payments` at 2026-01-01, `claims\.region` "eu", `claims\.tenant` ".*" is allowed by it: narrow it, or add a `deny`$/,
    );
    const text = `${base}\n${refunds}\n`;
    expect(said?.span?.start).toBe(text.indexOf("refunds = grant"));
    expect(said?.related).toHaveLength(1);
    expect(value.emission).toBeUndefined();
  });

  test("says that there is no token, of which a condition that reads it cannot know", () => {
    const { diagnostics } = compiled(`const svids = tier({ trust: 40, authentication: ["svid"] });
const worker = identity({ tier: svids, issuer: corp, subject: "spiffe://example.org/worker", owner: "o@example.com" });
const workerRefunds = grant({ to: worker, scopes: [orders.refund] });
never("no token is old", { scopes: [orders.refund], when: (r) => r.token.age > 600 });`);
    const said = diagnostics.find(({ code }) => code === "WRIT4101");
    expect(said?.help).toMatch(/ by `worker` at 2026-01-01, without a token is allowed by it/);
  });

  test("says what a never that is meant for a public operation is about", () => {
    const { diagnostics } = compiled(`const open = api("open.example.com", { operations: { "GET /open": "public" } });
${refunds}\nnever("a", { scopes: [orders.refund], when: (r) => r.request.path === "/open" });`);
    const said = diagnostics.find(({ code }) => code === "WRIT4104");
    expect(said?.message).toBe("the condition of `a` holds for no request that it is about");
  });

  test("says nothing of a never that holds, and deploys the policy", () => {
    const { value, diagnostics } = compiled(
      `${refunds}\nnever("acme refunds nothing", { by: acme, scopes: [orders.refund] });`,
    );
    expect(diagnostics.filter(({ code }) => code.startsWith("WRIT41"))).toEqual([]);
    expect(value.emission).toBeDefined();
  });
});
