/** Envoy's question, as opa-envoy-plugin hands it to OPA, and our answer to it. */
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { normalise } from "../../src/model/index.ts";
import { emitRego } from "../../src/rego/index.ts";
import { opa, runOpa, withFolder, withOpa } from "../opa.ts";
import { certificate } from "./certificate.ts";
import { policy, revocations, smallModel } from "./small-model.ts";

const thumbprint = Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(":", ""), "hex").toString(
  "base64url",
);

const claims = {
  iss: "https://id.example.com",
  sub: "spiffe://example.org/ns/payments/sa/w",
  aud: ["https://apis.example.com"],
  exp: 6e3,
  iat: 4900,
  scope: "orders:write",
  cnf: { "x5t#S256": thumbprint },
  region: "eu",
  tenant: "t1",
};

/** The estate, and a deny that reads a header. */
const model = normalise({
  ...smallModel,
  denies: [
    {
      name: "flagged",
      to: { identities: ["payments"], groups: [] },
      scopes: ["orders:write"],
      patterns: [],
      when: { kind: "compare", operator: "equal", fact: { kind: "header", name: "x-flag" }, literal: "stop" },
    },
  ],
});

interface Question {
  readonly time?: unknown;
  readonly http?: object;
  readonly source?: object;
  readonly verified?: unknown;
}

function question({ time = { seconds: 5000, nanos: 999 }, http, source, verified = { payload: claims } }: Question) {
  return {
    attributes: {
      source: {
        address: { socketAddress: { address: "198.51.100.1", portValue: 40_000 } },
        principal: claims.sub,
        certificate: encodeURIComponent(certificate),
        ...source,
      },
      request: {
        time,
        http: {
          method: "POST",
          host: "Orders.Example.com:443",
          path: "/v1/tenants/t1/orders?page=/../x",
          headers: { "x-role": "clerk", "x-caller": "root" },
          ...http,
        },
      },
      metadataContext: { filterMetadata: { "envoy.filters.http.jwt_authn": verified } },
    },
    version: { ext_authz: "v3", encoding: "protojson" },
  };
}

interface Response {
  readonly allowed: boolean;
  readonly http_status?: number;
  readonly headers?: Record<string, string>;
  readonly request_headers_to_remove?: readonly string[];
  readonly body?: string;
  readonly dynamic_metadata?: { readonly writ: { readonly reason: string } };
}

function ask(input: unknown, known: unknown = revocations): Response {
  const artefacts = emitRego(model, { policy });
  const files: Record<string, string | Uint8Array> = Object.fromEntries(artefacts.map((a) => [a.path, a.bytes]));
  files["revocations.json"] = JSON.stringify({ revocations: known });
  const options = ["eval", "--format", "raw", "--stdin-input", "--data", ".", "data.writ.envoy.response"];
  return withFolder(files, (folder) => {
    const run = runOpa(options, folder, JSON.stringify(input));
    expect(run.status, run.output + run.errors).toBe(0);
    return JSON.parse(run.output) as Response;
  });
}

const reasonOf = (asked: Question): string => ask(question(asked)).dynamic_metadata?.writ.reason ?? "none";

describe.skipIf(opa === undefined)(withOpa("the adapter for Envoy"), () => {
  test("allows, and sets what the upstream is told", () => {
    expect(ask(question({}))).toMatchObject({
      allowed: true,
      headers: { "x-caller": "payments of team-payments@example.com", "x-role": "clerk" },
      request_headers_to_remove: [],
      dynamic_metadata: { writ: { allow: true, identity: "payments", grants: ["reads", "writes"] } },
    });
  });

  test("Q07 takes away what a client sends under a name of ours that we do not set", () => {
    const read = question({ http: { method: "GET", path: "/v1/tenants/t1/orders", headers: { "x-role": "clerk" } } });
    expect(ask(read)).toMatchObject({ allowed: true, request_headers_to_remove: ["x-role"] });
    const open = question({ http: { method: "GET", path: "/healthz" } });
    expect(ask(open)).toMatchObject({ allowed: true, headers: {}, request_headers_to_remove: ["x-caller", "x-role"] });
    // A denial sends nothing on, and tells nobody what the client called itself.
    const denied = ask(question({ http: { headers: { "x-flag": "stop", "x-caller": "root", "x-role": "admin" } } }));
    expect(denied).toEqual({
      allowed: false,
      http_status: 403,
      headers: expect.not.objectContaining({ "x-caller": expect.anything(), "x-role": expect.anything() }),
      body: '{"reason":"denied"}',
      dynamic_metadata: { writ: expect.objectContaining({ allow: false, reason: "denied" }) },
    });
  });

  test("reads the time in both forms", () => {
    expect(reasonOf({ time: { seconds: "5000" } })).toBe("granted");
    expect(reasonOf({ time: "1970-01-01T01:23:20.5Z" })).toBe("granted");
    expect(reasonOf({ time: "1970-01-01T01:40:00Z" })).toBe("revocations-stale");
    expect(ask(question({ time: null }))).toEqual({ allowed: false, http_status: 403 });
  });

  test.each([
    ["no token", { verified: {}, source: { principal: "", certificate: "" } }, "credential-missing", 401],
    ["a failed status of jwt_authn", { verified: { failed_status: { code: 16 } } }, "input-malformed", 400],
    ["Q08 two payloads", { verified: { a: claims, b: claims } }, "input-malformed", 400],
    ["Q10 another certificate than the bound one", { source: { certificate: "" } }, "authentication", 401],
    ["what is no certificate", { source: { certificate: "x%" } }, "authentication", 401],
    ["Q08 an SVID of somebody else", { source: { principal: "spiffe://example.org/other" } }, "identity-conflict", 401],
    ["Q01 an encoded slash", { http: { path: "/v1/tenants%2Ft1/orders" } }, "path-not-canonical", 400],
    ["Q01 dots", { http: { path: "/v1/../v1/tenants/t1/orders" } }, "path-not-canonical", 400],
    ["an unknown host", { http: { host: "other.example.com" } }, "operation-unknown", 403],
    ["a header that denies", { http: { headers: { "x-flag": "stop" } } }, "denied", 403],
    ["Q06 a header that came twice", { http: { headers: { "x-flag": "go,go" } } }, "denied", 403],
    [
      "Q06 a raw header that came twice",
      { http: { headerMap: { headers: [rawHeader("x-flag", "go"), rawHeader("X-Flag", "go")] } } },
      "denied",
      403,
    ],
    ["a raw header", { http: { headerMap: { headers: [rawHeader("x-flag", "go, on")] } } }, "granted", undefined],
    ["Q04 a host with a final dot", { http: { host: "orders.example.com.:8443" } }, "granted", undefined],
    ["Q04 a host in upper case", { http: { host: "ORDERS.EXAMPLE.COM" } }, "granted", undefined],
    ["Q04 a user before the host", { http: { host: "root@orders.example.com" } }, "operation-unknown", 403],
    ["Q04 a whole URL", { http: { path: "http://orders.example.com/healthz" } }, "path-not-canonical", 400],
    ["Q04 a fragment", { http: { path: "/v1/tenants/t1/orders#/healthz" } }, "path-not-canonical", 400],
    [
      "Q04 another host in a header",
      { http: { host: "other.example.com", headers: { "x-forwarded-host": "orders.example.com" } } },
      "operation-unknown",
      403,
    ],
    ["Q02 an escape in lower case", { http: { path: "/v1/tenants/t1%c3%a9/orders" } }, "path-not-canonical", 400],
    ["Q05 a method in lower case", { http: { method: "post" } }, "operation-unknown", 403],
    ["Q05 a method with a space", { http: { method: "POST " } }, "operation-unknown", 403],
    [
      "Q05 another method in a header",
      { http: { method: "DELETE", headers: { "x-http-method-override": "POST" } } },
      "operation-unknown",
      403,
    ],
    [
      "Q08 a token in the query",
      {
        verified: {},
        source: { principal: "", certificate: "" },
        http: { path: "/v1/tenants/t1/orders?access_token=x" },
      },
      "credential-missing",
      401,
    ],
  ])("decides %s", (_, asked: Question, reason, status) => {
    const response = ask(question(asked));
    expect(response.dynamic_metadata?.writ.reason).toBe(reason);
    expect(response.http_status).toBe(status);
    expect(response.allowed).toBe(reason === "granted");
    if (!response.allowed) expect(response.body).toBe(`{"reason":"${reason}"}`);
  });

  test("answers 503 while revocations are not known, and 403 to what is no question", () => {
    expect(ask(question({}), null)).toMatchObject({ allowed: false, http_status: 503 });
    for (const input of [{}, null, 5, { attributes: {} }])
      expect(ask(input)).toEqual({ allowed: false, http_status: 403 });
  });
});

function rawHeader(key: string, value: string) {
  return { key, rawValue: Buffer.from(value).toString("base64") };
}
