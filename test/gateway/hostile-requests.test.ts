/** Requests that want what they may not have, before a whole gateway: each is denied for its own reason. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type Condition, decide, normalise, reasons } from "../../src/model/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { bearing, decidedBy, expectDenied, faults, fresh, gatewayWith } from "./denied.ts";
import { now, policyOf } from "./release.ts";

const { mtls, dpop, bearer, robot, svid } = bases;

const gateway = await gatewayWith(fresh);
const allowed = gateway.decide(mtls);

afterEach(() => {
  expect(faults).toEqual([]);
});

const asking = (request: object) => ({ ...mtls, request: { ...mtls.request, ...request } });
function bearingNo(claim: string): object {
  const { [claim]: _, ...token }: Record<string, unknown> = mtls.token;
  return { ...mtls, token };
}

const paths: Readonly<Record<string, readonly string[]>> = {
  Q01: ["//admin/x", "/a/../b", "/a/./b", "/a/%2e%2e/b", "/a%2Fb", "/a%5Cb", "/a\\b", "/a;x=1/b"],
  Q02: [
    ...["/%252e", "/%c0%ae", "/%C0%AE", "/%00", "/%0d%0a", "/%0D%0A", "/%41", "/%2f", "/%zz", "/a%", "/%25"],
    ...["/a b", '/"', "/<", "/{", "/^", "/\u0080", "/\u00ff", "/caf\u00e9"],
  ],
  Q04: ["/a#fragment", "http://orders.example.com/healthz", "orders.example.com/healthz", "*"],
};

describe("Q01 Q02 Q04 a path", () => {
  test.each(Object.entries(paths).flatMap(([id, list]) => list.map((path) => [`${id} ${JSON.stringify(path)}`, path])))(
    "%s is not canonical",
    (_, path) => {
      expectDenied(gateway, asking({ path }), "path-not-canonical");
      // Nor does it reach an operation that is open to everybody.
      expectDenied(
        gateway,
        { ...bases.public, request: { ...bases.public.request, path: `/healthz${path}` } },
        "credential-missing",
      );
      expect(decidedBy(gateway, { ...mtls, request: { ...bases.public.request, path } })).toMatchObject({
        reason: "path-not-canonical",
      });
    },
  );
});

describe("a host and a method", () => {
  test.each([
    ["Q04 upper case", { host: "Orders.Example.com" }],
    ["Q04 a port", { host: "orders.example.com:443" }],
    ["Q04 a final dot", { host: "orders.example.com." }],
    ["Q04 a user", { host: "root@orders.example.com" }],
    ["Q04 a space", { host: "orders.example.com " }],
    ["Q05 lower case", { method: "post" }],
    ["Q05 a space", { method: "POST " }],
    ["Q05 a method that a header would override", { method: "DELETE", headers: { "x-http-method-override": "POST" } }],
    ["Q05 HEAD for GET", { method: "HEAD", path: "/healthz" }],
    ["Q05 TRACE", { method: "TRACE" }],
  ])("%s names no operation", (_, request) => expectDenied(gateway, asking(request), "operation-unknown"));

  test.each([
    ["Q04 X-Forwarded-Host", { "x-forwarded-host": "ledger.example.com", host: "ledger.example.com" }],
    [
      "Q05 headers that override the method",
      { "x-http-method-override": "GET", "x-http-method": "GET", "x-method-override": "GET" },
    ],
  ])("%s changes nothing", (_, headers) => {
    expect(decidedBy(gateway, asking({ headers }))).toEqual(allowed);
  });

  test("Q04 two hosts are no host", () => {
    expectDenied(gateway, asking({ host: ["orders.example.com", "ledger.example.com"] }), "input-malformed");
  });
});

describe("a header that a condition reads", () => {
  const fact = { kind: "header", name: "x-channel" } as const;
  const refundsWhen = (when: Condition) =>
    normalise({
      ...estate,
      grants: estate.grants.map((grant) => (grant.name === "paymentsRefund" ? { ...grant, when } : grant)),
    });
  const equal = (literal: string): Condition => ({ kind: "compare", operator: "equal", fact, literal });
  const byHeader = refundsWhen(equal("till"));
  const opposite = refundsWhen({ kind: "not", of: equal("web") });

  test.each<[string, Record<string, string | readonly string[]>, boolean]>([
    ["Q06 sent once", { "x-channel": "till" }, true],
    ["Q06 sent twice, the same", { "x-channel": ["till", "till"] }, false],
    ["Q06 sent twice, good first", { "x-channel": ["till", "web"] }, false],
    ["Q06 sent twice, good last", { "x-channel": ["web", "till"] }, false],
    ["Q06 in one line", { "x-channel": "till, web" }, false],
    ["Q06 with `_` for `-`", { x_channel: "till" }, false],
    ["Q06 in other case", { "X-Channel": "till" }, false],
    ["Q06 not sent", {}, false],
  ])("%s", async (_, headers, holds) => {
    const own = await gatewayWith(fresh, byHeader);
    const reason = holds ? "granted" : "condition";
    expect(decidedBy(own, asking({ headers }), fresh, byHeader)).toMatchObject({ allow: holds, reason });
    expect(own.decide(asking({ headers: { "x-channel": "till" } }))).toMatchObject({ allow: true });
  });

  test("Q06 sent twice is not unequal either", async () => {
    const own = await gatewayWith(fresh, opposite);
    const asked = (value: string | readonly string[]) =>
      decidedBy(own, asking({ headers: { "x-channel": value } }), fresh, opposite);
    for (const twice of [
      ["a", "b"],
      ["a", "a"],
    ])
      expect(asked(twice)).toMatchObject({ allow: false, reason: "condition" });
    expect(asked("app")).toMatchObject({ allow: true });
  });

  test("Q07 what a client sends under a name of ours is never what the upstream is told", () => {
    const headers = { "x-caller": "root", "x-subject": "root", "x-role": "admin" };
    expect(decidedBy(gateway, asking({ headers }))).toEqual(allowed);
    expect(Object.values((allowed as { headers: object }).headers).join()).not.toMatch(/root|admin/);
  });
});

describe("credentials", () => {
  test.each<[string, object, string]>([
    [
      "Q08 none, and a token in the query",
      { ...mtls, token: undefined, peer: {}, request: { ...mtls.request, path: "/v1?access_token=x" } },
      "credential-missing",
    ],
    [
      "Q08 a token of one and an SVID of another",
      { ...mtls, peer: { ...mtls.peer, spiffe: svid.peer.spiffe } },
      "identity-conflict",
    ],
    ["Q08 two tokens", { ...mtls, token: [mtls.token, robot.token] }, "input-malformed"],
    ["Q09 another audience", bearing({ aud: "https://other.example.com" }), "audience"],
    ["Q09 more audiences than the tier takes", bearing({ aud: [mtls.token.aud, "a", "b"] }), "audience"],
    ["Q09 not yet valid", bearing({ nbf: now + 61 }), "token-not-yet-valid"],
    ["Q09 issued in the future", bearing({ iat: now + 61, exp: now + 100 }), "token-not-yet-valid"],
    ["Q09 expired", bearing({ exp: now }), "token-expired"],
    ["Q09 a longer life than the tier allows", bearing({ exp: mtls.token.iat + 3601 }), "token-lifetime"],
    [
      "Q09 a longer life than an unbound one may have",
      { ...bearer, token: { ...bearer.token, exp: bearer.token.iat + 301 } },
      "token-lifetime",
    ],
    ["Q09 no end", bearingNo("exp"), "claims-malformed"],
    ["Q09 an end that is text", bearing({ exp: String(mtls.token.exp) }), "claims-malformed"],
    ["Q09 no audience", bearingNo("aud"), "claims-malformed"],
    ["Q10 over another certificate", { ...mtls, peer: { "x5t#S256": "other" } }, "authentication"],
    ["Q10 over no certificate", { ...mtls, peer: {} }, "authentication"],
    ["Q10 with the proof of another key", { ...dpop, proof: { jkt: "other" } }, "authentication"],
    ["Q10 with no proof that held", { ...dpop, proof: {} }, "authentication"],
    ["Q10 bound twice, one holds", { ...bearing({ cnf: { "x5t#S256": "cert", jkt: "thumb" } }) }, "authentication"],
    ["Q11 of the wrong type", bearing({ tenant: 7 }), "claims-malformed"],
    ["Q11 missing", bearingNo("region"), "claims-malformed"],
    ["Q11 not among the declared values", bearing({ region: "mars" }), "claims-malformed"],
    ["Q11 a list with a number", bearing({ groups: ["a", 1] }), "claims-malformed"],
    ["Q11 an object for a text", bearing({ tenant: { toString: "t1" } }), "claims-malformed"],
    ["Q11 null", bearing({ tenant: null }), "claims-malformed"],
    ["F21 no `jti` where tokens are revoked", bearingNo("jti"), "claims-malformed"],
    ["F21 an empty `jti`", bearing({ jti: "" }), "claims-malformed"],
  ])("%s", (_, input, reason) => expectDenied(gateway, input, reason));

  test("Q11 claims that nobody declared are ignored, whatever they are called", () => {
    const claims = {
      constructor: 1,
      toString: null,
      hasOwnProperty: [],
      valueOf: { a: 1 },
      prototype: "x",
      extra: [[1]],
    };
    expect(decidedBy(gateway, bearing(claims))).toEqual(allowed);
    const asText = JSON.stringify(bearing({})).replace('"jti"', '"__proto__":{"region":"us"},"jti"');
    expect(gateway.decideJson(asText)).toEqual(allowed);
    expect(({} as Record<string, unknown>).region).toBeUndefined();
  });
});

describe("Q15 (R) any bytes", () => {
  test("are decided, as the reference decides them, and allowed only by it", () => {
    const good = Object.values(bases).map((input) => JSON.stringify(input));
    const bent = fc
      .tuple(fc.constantFrom(...good), fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 6 }))
      .map(([text, at, length, bytes]) => {
        const from = at % text.length;
        return Buffer.concat([Buffer.from(text.slice(0, from)), bytes, Buffer.from(text.slice(from + length))]);
      });
    const held = gateway.policy;
    fc.assert(
      fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const decision = gateway.decideJson(bytes);
        expect(reasons).toContain(decision.reason);
        expect(decision.allow).toBe(decision.reason === "granted");
        if (!decision.allow) return;
        const input: unknown = JSON.parse(Buffer.from(bytes).toString());
        expect(decision).toEqual(decide({ model: estate, policy: policyOf({}), revocations: fresh }, input));
      }),
      { numRuns: 3000, seed: 15 },
    );
    expect(gateway.policy).toBe(held);
    expect(gateway.decide(mtls)).toEqual(allowed);
  });
});
