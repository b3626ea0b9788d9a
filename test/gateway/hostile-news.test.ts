/** What a gateway is told of revocations and of its policy's time: what proves nothing allows nothing, and what is revoked stays so. */
import { CompactSign, compactVerify, generateKeyPair } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { isOnlySpelling } from "../../src/bundle/base64url.ts";
import type { Revocations } from "../../src/gateway/index.ts";
import { bases } from "../decide/estate.ts";
import { bearing, decidedBy, expectDenied, faults, fresh, gatewayWith } from "./denied.ts";
import { now, policyOf, release } from "./release.ts";

const { mtls, dpop, bearer, robot, svid } = bases;

const gateway = await gatewayWith(fresh);
const allowed = gateway.decide(mtls);

afterEach(() => {
  expect(faults).toEqual([]);
});

describe("revocations", () => {
  const revoked: Revocations = { ...fresh, sequence: 2, tokens: { corp: { j1: now + 290 } } };

  test("F19 a revoked token in any spelling that verifies is still revoked", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const text = await new CompactSign(Buffer.from(JSON.stringify(mtls.token)))
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt" })
      .sign(privateKey);
    const [header = "", payload = "", signature = ""] = text.split(".");
    const raw = Buffer.from(signature, "base64url");
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = order - BigInt(`0x${raw.subarray(32).toString("hex")}`);
    const twin = Buffer.concat([raw.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
    const spare = `${signature.slice(0, -1)}${{ A: "B", Q: "R", g: "h", w: "x" }[signature.at(-1)!]}`;
    const malformed = [`${text}=`, `${text}==`, `${header}.${payload}.${spare}`, `${text}\n`, ` ${text}`];
    const same = [text, `${header}.${payload}.${twin.toString("base64url")}`];
    const own = await gatewayWith(revoked);
    for (const spelled of [...malformed, ...same]) {
      expect(spelled.split(".").every(isOnlySpelling), spelled).toBe(same.includes(spelled));
      // A verifier that is less strict about the text comes to the same claims, and those are what is revoked.
      const claims = await compactVerify(spelled, publicKey).then(
        ({ payload: verified }) => JSON.parse(Buffer.from(verified).toString()) as typeof mtls.token,
        () => undefined,
      );
      if (same.includes(spelled)) expect(claims).toEqual(mtls.token);
      if (claims) expect(decidedBy(own, { ...mtls, token: claims }, revoked)).toMatchObject({ reason: "revoked" });
    }
    expect(own.decide(bearing({ jti: "j2" }))).toMatchObject({ allow: true });
  });

  test("F20 the same `jti` of another issuer is another token", async () => {
    const known: Revocations = { ...fresh, tokens: { corp: { r1: now + 300, j1: now + 300 } } };
    const own = await gatewayWith(known);
    expect(decidedBy(own, robot, known)).toMatchObject({ allow: true });
    expect(decidedBy(own, mtls, known)).toMatchObject({ reason: "revoked" });
    const other: Revocations = { ...fresh, sequence: 2, tokens: { hub: { r1: now + 300, j1: now + 300 } } };
    own.setRevocations(other);
    expect(decidedBy(own, robot, other)).toMatchObject({ reason: "revoked" });
    expect(decidedBy(own, mtls, other)).toMatchObject({ allow: true });
  });

  test("F15 below the floor nobody is allowed, until a policy above it comes", async () => {
    const known = { ...fresh, floor: 8 };
    const own = await gatewayWith(known);
    for (const input of Object.values(bases))
      expect(decidedBy(own, input, known)).toMatchObject({
        allow: false,
        reason: "policy-below-floor",
        revision: "r7",
      });
    // A floor never falls again.
    expect(() => own.setRevocations({ ...fresh, sequence: 2, floor: 7 })).toThrow(
      expect.objectContaining({ code: "WRIT9005" }),
    );
    expect(own.decide(mtls)).toMatchObject({ reason: "policy-below-floor" });
    await own.load(await release({ sequence: 8 }));
    expect(own.decide(mtls)).toMatchObject({ allow: true, revision: "r8" });
  });

  test("F16 past its end, and before its beginning, a policy allows nobody", () => {
    const { notBefore, notAfter } = policyOf({});
    for (const time of [notAfter, notAfter + 1, notBefore - 1])
      for (const input of Object.values(bases)) expectDenied(gateway, { ...input, time }, "policy-expired");
  });

  test.each<[string, unknown]>([
    ["without `at`", { floor: 0 }],
    ["without `floor`", { at: now }],
    ["whose `at` is text", { at: String(now), floor: 0 }],
    ["whose `floor` is text", { at: now, floor: "0" }],
    ["whose `at` is negative", { at: -1, floor: 0 }],
    ["whose `floor` is negative", { at: now, floor: -1 }],
    ["whose `at` is a fraction", { at: 0.5, floor: 0 }],
    ["that are none", null],
  ])("F25 revocations %s prove nothing", async (_, document) => {
    const own = await gatewayWith(undefined);
    const denied = { allow: false, reason: "revocations-stale", revision: "r7" };
    for (let turn = 0; turn < 2; turn++) {
      for (const input of [mtls, dpop, bearer, robot, svid]) expect(own.decide(input)).toMatchObject(denied);
      expect(() => own.setRevocations(document as Revocations)).toThrow(expect.objectContaining({ code: "WRIT9004" }));
    }
    own.setRevocations(fresh);
    expect(own.decide(mtls)).toEqual(allowed);
    // And what is held stays, when such a document comes later.
    expect(() => own.setRevocations(document as Revocations)).toThrow(expect.objectContaining({ code: "WRIT9004" }));
    expect(own.decide(mtls)).toEqual(allowed);
  });
});
