/** What a gateway says of a connection: believed where the configuration says so, and where it is whole. */
import { describe, expect, test } from "vitest";
import { readCertificate } from "../../src/sidecar/certificate.ts";
import type { Fact } from "../../src/sidecar/index.ts";
import { bases } from "../decide/estate.ts";
import { certificateFor } from "../server/certificates.ts";
import { answered, type Headers, question, reasonOf, token } from "./asked.ts";
import { tokenOf } from "./world.ts";

describe("what the gateway says of a connection", () => {
  const { certificate } = certificateFor("worker", 1_700_000_000, 1_900_000_000);
  const escaped = encodeURIComponent(certificate);
  const thumbprint = readCertificate(escaped)!.thumbprint;
  const only = (...facts: readonly Fact[]) => ({ facts: new Set(facts) });
  const bound = (more: object) => tokenOf({ ...bases.bearer.token, ...more });

  test("Q10 a token that is bound to the certificate counts with it, and only where the gateway is believed", async () => {
    const authorization = `Bearer ${await bound({ cnf: { "x5t#S256": thumbprint } })}`;
    const with_ = { authorization, "x-writ-certificate": escaped, "x-writ-verified": "SUCCESS" };
    expect((await answered(question("nginx", with_), only("certificate"))).status).toBe(200);
    expect(await reasonOf(question("nginx", with_))).toBe("401 authentication");
    expect(await reasonOf(question("nginx", with_), only("spiffe"))).toBe("401 authentication");
    expect(await reasonOf(question("nginx", { authorization }), only("certificate"))).toBe("401 authentication");
    const other = encodeURIComponent(certificateFor("other", 1_700_000_000, 1_900_000_000).certificate);
    expect(await reasonOf(question("nginx", { ...with_, "x-writ-certificate": other }), only("certificate"))).toBe(
      "401 authentication",
    );
  });

  test.each<[string, Headers]>([
    ["that was not verified", { "x-writ-verified": "FAILED:self-signed certificate" }],
    ["of which nothing is said", { "x-writ-verified": undefined }],
    ["said to be none", { "x-writ-verified": "NONE" }],
    ["in other case", { "x-writ-verified": "success" }],
    ["that is none", { "x-writ-certificate": "x" }],
    ["with another behind it", { "x-writ-certificate": `${escaped}${escaped}` }],
    ["that is cut", { "x-writ-certificate": escaped.slice(0, 200) }],
    ["with a bad escape", { "x-writ-certificate": "%zz" }],
    ["that is huge", { "x-writ-certificate": "A".repeat(50_000) }],
  ])("a certificate %s is refused", async (_, headers) => {
    const all = { "x-writ-certificate": escaped, "x-writ-verified": "SUCCESS", ...headers };
    expect(await reasonOf(question("nginx", all), only("certificate"))).toBe("403 certificate-malformed");
  });

  test("an SVID names its workload, where it has exactly one URI and is no authority", () => {
    const id = "spiffe://example.org/ns/payments/sa/auditor";
    const spiffeOf = (...[names, isAuthority = false]: [readonly (readonly [2 | 6, string])[], boolean?]) => {
      const made = certificateFor("x", 1_700_000_000, 1_900_000_000, { names, isAuthority });
      const read = readCertificate(encodeURIComponent(made.certificate));
      expect(read?.thumbprint).toBe(Buffer.from(made.thumbprint, "hex").toString("base64url"));
      return read?.spiffe;
    };
    expect(spiffeOf([[6, id]])).toBe(id);
    expect(
      spiffeOf([
        [2, "a.example.com"],
        [6, id],
      ]),
    ).toBe(id);
    for (const names of [
      [
        [6, id],
        [6, `${id}2`],
      ],
      [[6, "https://example.org/x"]],
      [[2, "spiffe.example.org"]],
      [[2, `a, URI:${id}`]],
      [[6, `${id}, URI:https://a.example`]],
      [[6, "spiffe://Example.org/x"]],
      [[6, "spiffe://example.org"]],
    ] as const)
      expect(spiffeOf(names)).toBeUndefined();
    expect(spiffeOf([[6, id]], true)).toBeUndefined();
  });

  test("an SVID decides for its workload, where the gateway is believed to say so", async () => {
    const id = bases.svid.peer.spiffe;
    const svid = certificateFor("x", 1_700_000_000, 1_900_000_000, { names: [[6, id]] });
    const asked = question("nginx", {
      authorization: undefined,
      "x-writ-method": "GET",
      "x-writ-target": bases.svid.request.path,
      "x-writ-certificate": encodeURIComponent(svid.certificate),
      "x-writ-verified": "SUCCESS",
    });
    expect((await answered(asked, only("spiffe"))).headers["x-caller"]).toMatch(/^auditor\//);
    expect(await reasonOf(asked, only("certificate"))).toBe("401 credential-missing");
    expect(await reasonOf(asked)).toBe("401 credential-missing");
  });

  test("Q10 a DPoP proof counts where the gateway has looked at it, with a bound token and under its scheme", async () => {
    const jkt = "a".repeat(43);
    const dpop = await bound({ cnf: { jkt } });
    const asked = (scheme: string, proof?: string) =>
      question("nginx", { authorization: `${scheme} ${dpop}`, "x-writ-proof": proof });
    expect((await answered(asked("DPoP", jkt), only("proof"))).status).toBe(200);
    expect(await reasonOf(asked("DPoP", jkt))).toBe("401 token-malformed");
    expect(await reasonOf(asked("DPoP"), only("proof"))).toBe("401 token-malformed");
    expect(await reasonOf(asked("DPoP", "b".repeat(43)), only("proof"))).toBe("401 authentication");
    expect(await reasonOf(asked("Bearer", jkt), only("proof"))).toBe("401 authentication");
    const bare = question("nginx", { authorization: `DPoP ${token}`, "x-writ-proof": jkt });
    expect(await reasonOf(bare, only("proof"))).toBe("401 token-malformed");
  });
});
