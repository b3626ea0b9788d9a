/** The description of the API, held to what is served and to what is answered. */
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import { pollQuery, readStatusReport } from "../../src/protocol/index.ts";
import { bearer, change, gatewayToken, start, tokenOf } from "./start.ts";

interface Described {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Problem: object } };
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

type Check = (value: unknown) => boolean;
interface Ajv {
  compile(schema: object): Check & { readonly errors?: unknown };
}

/** The draft that OpenAPI 3.1 speaks, from the validator that Fastify brings. */
const require = createRequire(createRequire(import.meta.url).resolve("fastify"));
const { default: Ajv2020 } = require("ajv/dist/2020") as { default: new (options: object) => Ajv };
const ajv = new Ajv2020({ strict: true, allErrors: true, validateFormats: false });

let api: Described;
beforeAll(async () => {
  await using server = await start();
  const response = await fetch(`${server.adminUrl}/openapi.json`);
  expect(response.headers.get("content-type")).toBe("application/json");
  api = (await response.json()) as Described;
});

const operations = () =>
  Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

test("is OpenAPI 3.1, with one name for each operation, and only schemas that are some", () => {
  expect(api.openapi).toBe("3.1.0");
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = operation.parameters.filter(({ in: place }) => place === "path").map(({ name }) => name);
    expect(described).toEqual(inPath);
    for (const parameter of operation.parameters) compile((parameter as unknown as { schema: object }).schema);
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) if (schema) compile(schema);
    for (const { content } of Object.values(operation.responses))
      for (const { schema } of Object.values(content ?? {})) if (schema) compile(schema);
  }
});

/** What pub and operators are promised: nothing else is served, and all of it. */
const promised = {
  gateway: `GET /blobs/{digest} · GET /health · GET /metadata/{file} · GET /opa/bundles/discovery.tar.gz · GET /opa/bundles/policy.tar.gz ·
    GET /opa/bundles/revocations.tar.gz · GET /ready · GET /targets/{path} · GET /v1/poll · POST /opa/logs · POST /opa/logs/{partition} ·
    POST /opa/status · POST /opa/status/{partition} · POST /v1/status`,
  admin: `GET / · GET /events · GET /health · GET /icon.svg · GET /metrics · GET /openapi.json · GET /page.js · GET /ready · GET /style.css ·
    GET /v1/audit · GET /v1/audit/checkpoint · GET /v1/gateways · GET /v1/head · GET /v1/revocations ·
    GET /v1/revocations/{sequence}/reach · GET /v1/view · POST /v1/approvals · POST /v1/candidates · POST /v1/events · POST /v1/halt ·
    POST /v1/recall · POST /v1/releases · POST /v1/republications · POST /v1/restorations · POST /v1/resume · POST /v1/revocations ·
    POST /v1/trust · PUT /v1/bundles/{digest}`,
};

describe("every route is described, and nothing else", () => {
  test.each(Object.entries(promised))("on the port %s", async (port, text) => {
    await using server = await start({
      directory: () => ({ issuerNamed, identityNamed: issuerNamed, tokenLifetime: 1 }),
    });
    api = (await (await fetch(`${server.adminUrl}/openapi.json`)).json()) as Described;
    const wanted = text.split("·").map((line) => line.trim());
    const described = operations()
      .filter(({ operation }) => operation.tags.includes(port))
      .map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(wanted.toSorted());
    // Each of them is there, and every other method of each path is not.
    const url = port === "gateway" ? server.gatewayUrl : server.adminUrl;
    for (const { path } of operations().filter(({ operation }) => operation.tags.includes(port)))
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]) {
        const headers = { "content-type": "application/json" };
        const at = url + path.replaceAll(/\{\w+\}/g, "1");
        const response = await fetch(at, {
          method,
          headers,
          ...(method !== "GET" && method !== "HEAD" && { body: "{}" }),
        });
        await response.body?.cancel();
        const isServed = described.includes(`${method} ${path}`);
        if (isServed) expect([path, method, [404, 405].includes(response.status)]).toEqual([path, method, false]);
        else expect([path, method, response.status]).toEqual([path, method, 404]);
      }
  });
});

const issuerNamed = () => undefined;

describe("answers are as they are described", () => {
  const digest = "c".repeat(64);
  const asked: [name: string, method: string, path: string, body: object | undefined][] = [
    ["audrey", "GET", "/v1/view", undefined],
    ["audrey", "GET", "/v1/head", undefined],
    ["audrey", "GET", "/v1/gateways", undefined],
    ["audrey", "GET", "/v1/revocations", undefined],
    ["soc", "GET", "/v1/revocations/40/reach", undefined],
    ["audrey", "GET", "/v1/audit?since=0&limit=2", undefined],
    ["audrey", "GET", "/v1/audit/checkpoint", undefined],
    ["audrey", "GET", "/metrics", undefined],
    ["audrey", "GET", "/health", undefined],
    ["audrey", "GET", "/ready", undefined],
    ["audrey", "GET", "/openapi.json", undefined],
    ["soc", "POST", "/v1/revocations", { entries: [{ path: ["keys", "k"], value: 1 }], reason: "so" }],
    ["oscar", "POST", "/v1/restorations", { paths: [["keys", "k"]], reason: "so" }],
    ["alice", "POST", "/v1/approvals", { digest, shown: digest }],
    ["oscar", "POST", "/v1/releases", { digest, ring: "canary" }],
    ["oscar", "POST", "/v1/republications", { digest }],
    ["oscar", "POST", "/v1/halt", { reason: "so" }],
    ["oscar", "POST", "/v1/resume", { reason: "so" }],
    ["oscar", "POST", "/v1/recall", { sequence: 3, reason: "so" }],
    ["oscar", "POST", "/v1/trust", {}],
    // And refused, each in another way.
    ["ci", "GET", "/v1/audit", undefined],
    ["nobody", "GET", "/v1/view", undefined],
    ["oscar", "POST", "/v1/recall", { sequence: "3" }],
    ["ci", "POST", "/v1/candidates", { digest, provenance: {}, authors: [] }],
  ];

  test.each(asked)("%s: %s %s", async (name, method, path, body) => {
    await using server = await start();
    const headers = bearer(tokenOf(name));
    const url = server.adminUrl + path;
    const response = body ? await change(url, name, body, { "if-match": '"7"' }) : await fetch(url, { headers });
    const template = path.replace(/\?.*/, "").replace(/\/40\//, "/{sequence}/");
    const described = api.paths[template]?.[method.toLowerCase()]?.responses[response.status];
    expect(described, `${response.status} of ${method} ${template}`).toBeDefined();
    const type = response.headers.get("content-type") ?? "";
    const content = described!.content?.[type];
    expect(content, type).toBeDefined();
    const text = await response.text();
    if (!content?.schema) return;
    const check = compile(content.schema);
    expect(check(JSON.parse(text)), JSON.stringify(check.errors)).toBe(true);
  });

  test("a poll that is described is one that is read", async () => {
    await using server = await start();
    const { parameters } = api.paths["/v1/poll"]!.get!;
    const names = parameters.filter(({ in: place }) => place === "query").map(({ name }) => name);
    const held = { root: 1, timestamp: 6, snapshot: 3, targets: 2, revocations: 5, enforced: 40, policy: 12 };
    expect(pollQuery(held)).toBe(names.map((name) => `${name}=${held[name as keyof typeof held]}`).join("&"));
    const headers = bearer(gatewayToken("edge-1"));
    expect((await fetch(`${server.gatewayUrl}/v1/poll?${pollQuery(held)}`, { headers })).status).toBe(200);
  });

  test.each([
    [true, {}],
    [true, { head: { version: 1, at: 2, digest } }],
    [true, { policy: { sequence: 1, revision: "r" }, age: 3 }],
    [true, { problems: [{ code: "WRIT9105", message: "m", digest }] }],
    [false, { ring: "other" }],
    [false, { age: -1 }],
    [false, { more: 1 }],
    [false, { head: { version: 1, at: 2 } }],
    [false, { problems: [{ code: "WRIT9105" }] }],
    [false, { problems: [{ code: "nine", message: "m" }] }],
    [false, { policy: { sequence: 1, revision: "x".repeat(1025) } }],
    [false, { problems: Array.from({ length: 33 }, () => ({ code: "WRIT9105", message: "m" })) }],
    [false, { decisions: { allowed: 1, denied: 1 } }],
    [false, { policy: { sequence: 1.5, revision: "r" } }],
  ])("a status is described as its reader reads it: %s %o", (isSound, more) => {
    const report = { ring: "stable", problems: [], decisions: { allowed: 1, denied: 0, dropped: 0 }, ...more };
    const check = compile(api.paths["/v1/status"]!.post!.requestBody!.content["application/json"]!.schema!);
    expect(check(report)).toBe(isSound);
    const read = () => readStatusReport(Buffer.from(JSON.stringify(report)));
    if (isSound) expect(read()).toEqual(report);
    else expect(read).toThrow();
  });
});

function compile(schema: object): Check & { readonly errors?: unknown } {
  return ajv.compile(
    JSON.parse(
      JSON.stringify(schema).replaceAll(
        '"$ref":"#/components/schemas/Problem"',
        `"allOf":[${JSON.stringify(api.components.schemas.Problem)}]`,
      ),
    ),
  );
}
