/** The repository over HTTP: what is named by digest, and nothing that a path could reach. */
import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bearer, gatewayToken, refusalIn, start, tokenOf } from "./start.ts";
import { raw } from "./verdict.ts";

const bytes = randomBytes(3 * 1024 * 1024);
const digest = createHash("sha256").update(bytes).digest("hex");
const headers = bearer(gatewayToken("edge-1"));

describe("what is there", () => {
  test.each([
    `/blobs/${digest}`,
    `/targets/policy/${digest}.stable.tar.gz`,
    `/targets/policy/${digest}.canary.tar.gz`,
    `/targets/revocations/${digest}.31.json`,
  ])("%s is answered whole, and never changes", async (path) => {
    await using server = await start();
    server.publisher.files.set(digest, bytes);
    const response = await fetch(server.gatewayUrl + path, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toMatch(/immutable/);
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(server.publisher.asked).toEqual([["blob", digest]]);
  });

  test.each(["timestamp.json", "1.root.json", "12.snapshot.json", "3.targets.json", "9.revocations.json"])(
    "metadata %s is answered, and kept by nobody",
    async (name) => {
      await using server = await start();
      server.publisher.files.set(name, Buffer.from("{}"));
      const response = await fetch(`${server.gatewayUrl}/metadata/${name}`, { headers });
      expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.text()).toBe("{}");
    },
  );

  test("is for gateways and auditors", async () => {
    await using server = await start();
    server.publisher.files.set(digest, bytes);
    const url = `${server.gatewayUrl}/blobs/${digest}`;
    expect((await fetch(url, { headers: bearer(tokenOf("audrey")) })).status).toBe(200);
    expect(await refusalIn(await fetch(url, { headers: bearer(tokenOf("ci")) }))).toEqual([403, "api-forbidden"]);
    expect(await refusalIn(await fetch(url))).toEqual([401, "api-unauthenticated"]);
  });

  test("is not there where the publisher has nothing by that name", async () => {
    await using server = await start();
    for (const path of [`/blobs/${digest}`, "/metadata/2.root.json", `/targets/policy/${digest}.stable.tar.gz`])
      expect(await refusalIn(await fetch(server.gatewayUrl + path, { headers }))).toEqual([404, "not-found"]);
  });
});

/** As they stand on the wire: no client tidies them up. */
const tricks = [
  `/blobs/../head`,
  `/blobs/..%2fhead`,
  `/blobs/%2e%2e/head`,
  `/blobs/%2e%2e%2fhead`,
  `/blobs//${digest}`,
  `/blobs/${digest}/..`,
  `/blobs/${digest}%00`,
  `/blobs/${digest}.`,
  `/blobs/${digest.toUpperCase()}`,
  `/blobs/${digest.slice(1)}`,
  `/blobs/0${digest}`,
  `/blobs/%2fetc%2fpasswd`,
  `/blobs/C:%5cboot.ini`,
  `/blobs/%zz`,
  `/blobs/%c0%ae%c0%ae`,
  `/blobs/${"x".repeat(500)}`,
  `/blobs/link`,
  `/blobs/__proto__`,
  `/metadata/../blobs/${digest}`,
  `/metadata/..%2ftimestamp.json`,
  `/metadata/%2fetc%2fpasswd`,
  `/metadata/root.json%00.json`,
  `/metadata/01.root.json`,
  `/metadata/-1.root.json`,
  `/metadata/1.keys.json`,
  `/metadata/constructor`,
  `/targets/../keys/release.json`,
  `/targets/policy/../../keys`,
  `/targets/policy/%2e%2e/${digest}.stable.tar.gz`,
  `/targets//etc/passwd`,
  `/targets/policy/stable.tar.gz`,
  `/targets/policy/${digest}.other.tar.gz`,
  `/targets/policy%2f..%2f${digest}.stable.tar.gz`,
  `/targets/revocations/${digest}.x.json`,
  `/targets/revocations/${digest}.31.json/`,
  `/../../etc/passwd`,
  `/opa/bundles/../../head`,
  `/opa/bundles/other.tar.gz`,
];

test.each(tricks)("P14 %s: 404, and the publisher is asked for nothing", async (path) => {
  await using server = await start();
  const authorization = headers.authorization;
  const answer = await raw(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`,
    server.gatewayUrl,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer).toMatch(/"code":"not-found"/);
  expect(server.publisher.asked).toEqual([]);
  expect(server.publisher.refusals.at(-1)?.[1]).toBe("not-found");
});
