/** What a gateway says of a connection: believed where the configuration says so, and where it is whole. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
    const folder = mkdtempSync(join(tmpdir(), "writ-svid-"));
    const made = (names: string, extra: readonly string[] = []) => {
      const key = join(folder, "key.pem");
      const options = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
      const pem = execFileSync(
        "openssl",
        [...options, "-keyout", key, "-subj", "/CN=x", "-addext", `subjectAltName=${names}`, ...extra],
        { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      );
      return readCertificate(encodeURIComponent(pem));
    };
    const leaf = ["-addext", "basicConstraints=critical,CA:FALSE"];
    const id = "spiffe://example.org/ns/payments/sa/auditor";
    try {
      expect(made(`URI:${id}`, leaf)?.spiffe).toBe(id);
      expect(made(`DNS:a.example.com,URI:${id}`, leaf)?.spiffe).toBe(id);
      expect(made(`URI:${id},URI:${id}2`, leaf)).not.toHaveProperty("spiffe");
      expect(made("URI:https://example.org/x", leaf)).not.toHaveProperty("spiffe");
      expect(made("DNS:spiffe.example.org", leaf)).not.toHaveProperty("spiffe");
      expect(made(`URI:${id}`)).not.toHaveProperty("spiffe");
    } finally {
      rmSync(folder, { recursive: true });
    }
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
