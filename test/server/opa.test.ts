/** OPA's protocol, as a stock OPA speaks it: bundles by long poll, status, decision logs. */
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { DecisionSink } from "../../src/server/index.ts";
import { bearer, gatewayToken, refusalIn, start } from "./start.ts";

const headers = { ...bearer(gatewayToken("edge-1")), "accept-encoding": "gzip" };
const bundle = { tag: "abc123", bytes: Buffer.from([0x1f, 0x8b, 1, 2, 3]) };

function ask(url: string, more: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/opa/bundles/policy.tar.gz`, { headers: { ...headers, ...more } });
}

describe("a bundle", () => {
  test("is sent with its type exactly, its tag in quotes, and as it is", async () => {
    await using server = await start();
    server.publisher.opa.set("policy", bundle);
    const response = await ask(server.gatewayUrl, { prefer: "modes=snapshot,delta" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/vnd.openpolicyagent.bundles");
    expect(response.headers.get("etag")).toBe('"abc123"');
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bundle.bytes);
    expect(server.publisher.asked).toEqual([["opaBundle", "policy", undefined, 0]]);
  });

  test("is held while the tag is the current one, as OPA asks for it; then 304 with the same tag and no body", async () => {
    await using server = await start();
    server.publisher.opa.set("policy", bundle);
    const begun = performance.now();
    const response = await ask(server.gatewayUrl, {
      "if-none-match": '"abc123"',
      prefer: "modes=snapshot,delta;wait=1",
    });
    expect(performance.now() - begun).toBeGreaterThan(900);
    expect([response.status, response.headers.get("etag")]).toEqual([304, '"abc123"']);
    expect(server.publisher.asked).toEqual([["opaBundle", "policy", "abc123", 1000]]);
  });

  test("is sent as soon as there is another one", async () => {
    await using server = await start();
    server.publisher.opa.set("policy", bundle);
    const asked = ask(server.gatewayUrl, { "if-none-match": '"abc123"', prefer: "modes=snapshot,delta;wait=30" });
    while (server.publisher.waiting === 0) await sleep(5);
    server.publisher.opa.set("policy", { tag: "def456", bytes: Buffer.from("next") });
    server.publisher.wake();
    const response = await asked;
    expect([response.status, response.headers.get("etag")]).toEqual([200, '"def456"']);
    expect(await response.text()).toBe("next");
  });

  test.each(['"other"', 'W/"abc123"', "abc123", "*", '"abc123", "x"', '"x"abc123"', '""'])(
    "is sent whole to whoever has tag %s",
    async (tag) => {
      await using server = await start();
      server.publisher.opa.set("policy", bundle);
      expect((await ask(server.gatewayUrl, { "if-none-match": tag })).status).toBe(200);
    },
  );

  test("that is not there is 404, never 204", async () => {
    await using server = await start();
    expect(await refusalIn(await ask(server.gatewayUrl))).toEqual([404, "not-found"]);
  });

  test("of every resource has its own address", async () => {
    await using server = await start();
    for (const resource of ["policy", "revocations", "discovery"]) {
      server.publisher.opa.set(resource, { tag: resource, bytes: Buffer.from(resource) });
      const response = await fetch(`${server.gatewayUrl}/opa/bundles/${resource}.tar.gz`, { headers });
      expect(await response.text()).toBe(resource);
    }
  });
});

describe("a status", () => {
  const report = { labels: { id: "x" }, bundles: {}, metrics: { prometheus: { seconds: 0.25, big: 1e21 } } };
  const send = (url: string, body: Uint8Array | string, more: object = {}, path = "/opa/status") =>
    fetch(url + path, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", ...more },
      body: body as Uint8Array<ArrayBuffer>,
    });

  test("is handed on, with fractions and large numbers in it, packed or not, with a partition or not", async () => {
    await using server = await start();
    const text = JSON.stringify(report);
    expect((await send(server.gatewayUrl, text)).status).toBe(204);
    expect((await send(server.gatewayUrl, gzipSync(text), { "content-encoding": "gzip" })).status).toBe(204);
    expect((await send(server.gatewayUrl, text, {}, "/opa/status/part")).status).toBe(204);
    expect(server.publisher.asked).toEqual(Array.from({ length: 3 }, () => ["reportOpa", report]));
  });

  test("that is no JSON object, or a bomb, is refused", async () => {
    await using server = await start();
    expect(await refusalIn(await send(server.gatewayUrl, "[]"))).toEqual([422, "request-malformed"]);
    expect(await refusalIn(await send(server.gatewayUrl, "{"))).toEqual([422, "request-malformed"]);
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20));
    const answer = await send(server.gatewayUrl, bomb, { "content-encoding": "gzip" });
    expect(await refusalIn(answer)).toEqual([413, "body-too-large"]);
    expect(server.publisher.asked).toEqual([]);
  });

  test("of a gateway of ours is read strictly", async () => {
    await using server = await start();
    const ours = { ring: "stable", age: 1, problems: [], decisions: { allowed: 1, denied: 0, dropped: 0 } };
    expect((await send(server.gatewayUrl, JSON.stringify(ours), {}, "/v1/status")).status).toBe(204);
    expect(server.publisher.asked).toEqual([["report", ours]]);
    const more = JSON.stringify({ ...ours, gateway: "edge-9" });
    expect(await refusalIn(await send(server.gatewayUrl, more, {}, "/v1/status"))).toEqual([422, "status-malformed"]);
  });
});

describe("decision logs", () => {
  const event = (id: string, more: object = {}) => ({
    decision_id: id,
    timestamp: "2026-11-24T12:00:00Z",
    path: "writ/decision",
    bundles: { policy: { revision: "r1" } },
    input: { token: "eyJhbGciOi.secret" },
    result: { allow: false, reason: "revoked", secret: "eyJ.secret" },
    requested_by: "10.0.0.1",
    ...more,
  });
  const upload = (url: string, body: Uint8Array, more: object = {}) =>
    fetch(`${url}/opa/logs`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", "content-encoding": "gzip", ...more },
      body: body as Uint8Array<ArrayBuffer>,
    });
  const pack = (value: unknown) => gzipSync(JSON.stringify(value));
  const sinkOf = (lines: string[], room = Number.POSITIVE_INFINITY): DecisionSink => ({
    write: (line) => lines.length < room && lines.push(line) > 0,
    close: async () => {},
  });
  const counted = async (url: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/writ_decisions_total\{outcome="(\w+)"\} (\d+)/g)].map(([, outcome, count]) => [
        outcome,
        Number(count),
      ]),
    );
  };

  test("are written once for each decision, with the members that are named and no others", async () => {
    const lines: string[] = [];
    await using server = await start({ decisions: sinkOf(lines) });
    const body = pack([event("one"), event("two")]);
    for (let times = 0; times < 3; times++) expect((await upload(server.gatewayUrl, body)).status).toBe(204);
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      ["one", "two"].map((decision_id) => ({
        gateway: "edge-1",
        decision_id,
        timestamp: "2026-11-24T12:00:00Z",
        path: "writ/decision",
        bundles: { policy: { revision: "r1" } },
        result: { allow: false, reason: "revoked" },
      })),
    );
    expect(await counted(server.adminUrl)).toEqual({ written: 2, repeated: 4 });
  });

  test("of two gateways with the same id are two", async () => {
    const lines: string[] = [];
    await using server = await start({ decisions: sinkOf(lines) });
    await upload(server.gatewayUrl, pack([event("one")]));
    await upload(server.gatewayUrl, pack([event("one")]), bearer(gatewayToken("edge-2")));
    expect(lines.map((line) => JSON.parse(line).gateway)).toEqual(["edge-1", "edge-2"]);
  });

  test("stay one line each, whatever is in them, and not longer than 16 KiB", async () => {
    const lines: string[] = [];
    await using server = await start({ decisions: sinkOf(lines) });
    const long = "x".repeat(100_000);
    const bundles = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`b${index}${long}`, { revision: long }]),
    );
    await upload(
      server.gatewayUrl,
      pack([event("one", { path: "a\nb\u001b[31m\u2028", result: true }), event("two", { path: long })]),
    );
    await upload(server.gatewayUrl, pack([event("x".repeat(300)), { ...event("y"), decision_id: 7 }, null, 3]));
    await upload(
      server.gatewayUrl,
      pack([event("three", { bundles: Object.fromEntries(Object.entries(bundles).slice(0, 1)) })]),
    );
    await upload(server.gatewayUrl, pack([event("four", { bundles })]));
    for (const line of lines) {
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(line).not.toMatch(/\p{Cc}.|\p{Zl}/u);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16 * 1024);
    }
    expect(lines.map((line) => JSON.parse(line).decision_id)).toEqual(["one", "two", "three"]);
    expect(await counted(server.adminUrl)).toEqual({ written: 3, malformed: 5 });
  });

  test("that find no room are counted, and answered all the same", async () => {
    const lines: string[] = [];
    await using server = await start({ decisions: sinkOf(lines, 1) });
    const body = pack([event("one"), event("two"), event("three")]);
    expect((await upload(server.gatewayUrl, body)).status).toBe(204);
    expect(await counted(server.adminUrl)).toEqual({ written: 1, dropped: 2 });
  });

  test("are bounded as they come and as they are inflated", async () => {
    await using server = await start({ limits: { packedUpload: 4096, unpackedUpload: 1024 * 1024 } });
    const large = await upload(server.gatewayUrl, Buffer.alloc(5000));
    expect(await refusalIn(large)).toEqual([413, "body-too-large"]);
    const bomb = gzipSync(Buffer.alloc(2 * 1024 * 1024));
    expect(await refusalIn(await upload(server.gatewayUrl, bomb))).toEqual([413, "body-too-large"]);
    const junk = await upload(server.gatewayUrl, Buffer.from("not packed"));
    expect(await refusalIn(junk)).toEqual([422, "request-malformed"]);
    const half = await upload(server.gatewayUrl, pack([event("one")]).subarray(0, 40));
    expect(await refusalIn(half)).toEqual([422, "request-malformed"]);
    for (const text of ["{}", "[", "[{}", "[{}]]", '["', "[1]x", "[}", ""])
      expect((await upload(server.gatewayUrl, gzipSync(text))).status).toBe(422);
    expect((await upload(server.gatewayUrl, gzipSync(" [ ] "))).status).toBe(204);
  });

  test("of 24 MiB hold nobody up", async () => {
    const lines: string[] = [];
    await using server = await start({ decisions: sinkOf(lines) });
    const body = pack(Array.from({ length: 30_000 }, (_, index) => event(`id-${index}`, { input: "x".repeat(600) })));
    let isDone = false;
    const uploaded = upload(server.gatewayUrl, body).then((response) => {
      isDone = true;
      return response.status;
    });
    let answered = 0;
    while (!isDone) if ((await fetch(`${server.gatewayUrl}/health`)).status === 200) answered++;
    expect(await uploaded).toBe(204);
    expect(lines).toHaveLength(30_000);
    expect(answered).toBeGreaterThan(10);
  });
});
