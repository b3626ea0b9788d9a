/** What a browser could be made to ask by a page of others. */
import { describe, expect, test } from "vitest";
import { bearer, change, refusalIn, start, tokenOf } from "./start.ts";

const body = { reason: "a look first" };

describe("P15 what browsers can be made to send", () => {
  test.each([
    ["a page of another origin", { origin: "https://elsewhere.example.com" }],
    ["a page without an origin", { origin: "null" }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["another scheme", { origin: "https://127.0.0.1" }],
    ["a page of another site", { "sec-fetch-site": "cross-site" }],
    ["a page of the same site", { "sec-fetch-site": "same-site" }],
  ])("P15 %s: refused, without a word to it", async (_what, headers) => {
    await using server = await start();
    const response = await change(`${server.adminUrl}/v1/halt`, "oscar", body, headers as Record<string, string>);
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(await refusalIn(response)).toEqual([403, "cross-origin"]);
    expect(server.publisher.asked).toEqual([]);
  });

  test("P15 our own page may", async () => {
    await using server = await start();
    const headers = { origin: server.adminUrl, "sec-fetch-site": "same-origin" };
    expect((await change(`${server.adminUrl}/v1/halt`, "oscar", body, headers)).status).toBe(200);
  });

  test("P15 nobody is told beforehand that they may", async () => {
    await using server = await start();
    for (const url of [server.adminUrl, server.gatewayUrl]) {
      const response = await fetch(`${url}/v1/halt`, {
        method: "OPTIONS",
        headers: { origin: "https://elsewhere.example.com", "access-control-request-method": "POST" },
      });
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(response.status).toBe(404);
    }
  });

  test.each([
    ["none", null],
    ["text", "text/plain"],
    ["a form", "application/x-www-form-urlencoded"],
    ["a form in parts", "multipart/form-data; boundary=x"],
    ["JSON of another charset", "application/json; charset=utf-16"],
    ["JSON with more behind it", "application/json, text/plain"],
    ["something like JSON", "application/problem+json"],
    ["a bundle", "application/gzip"],
  ])("P15 a body that says to be %s: 415", async (_what, type) => {
    await using server = await start();
    const response = await fetch(`${server.adminUrl}/v1/halt`, {
      method: "POST",
      headers: { ...bearer(tokenOf("oscar")), "idempotency-key": "k", ...(type !== null && { "content-type": type }) },
      body: Buffer.from(JSON.stringify(body)),
    });
    expect(await refusalIn(response)).toEqual([415, "content-type-wrong"]);
    expect(server.publisher.asked).toEqual([]);
  });

  test("P15 a body that is packed: 415", async () => {
    await using server = await start();
    const response = await change(`${server.adminUrl}/v1/halt`, "oscar", body, { "content-encoding": "gzip" });
    expect(await refusalIn(response)).toEqual([415, "content-type-wrong"]);
  });

  test("P15 a method in a header or a query is none", async () => {
    await using server = await start();
    const override = { "x-http-method-override": "POST", "x-http-method": "POST", "x-method-override": "POST" };
    const headers = { ...bearer(tokenOf("oscar")), "idempotency-key": "k", ...override };
    expect((await fetch(`${server.adminUrl}/v1/halt`, { headers })).status).toBe(404);
    expect((await fetch(`${server.adminUrl}/v1/halt?_method=POST`, { headers })).status).toBe(404);
    const view = await fetch(`${server.adminUrl}/v1/view`, { headers });
    expect(view.status).toBe(200);
    expect(server.publisher.asked).toEqual([]);
    for (const method of ["PUT", "DELETE", "PATCH"])
      expect((await fetch(`${server.adminUrl}/v1/halt`, { method, headers })).status).toBe(404);
  });
});
