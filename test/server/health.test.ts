/** Health, readiness, metrics, the page, and how a server ends. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import { open } from "./raw.ts";
import { bearer, change, now, refusalIn, start, tokenOf } from "./start.ts";

const revocation = { entries: [{ path: ["identities", "a"] }, { path: ["identities", "b"] }], reason: "so" };

describe("readiness", () => {
  const readyOf = async (url: string) => {
    const response = await fetch(`${url}/ready`);
    return [response.status, await response.json()];
  };

  test("is there while the store is open, the heartbeat fresh, the clock right", async () => {
    await using server = await start();
    for (const url of [server.gatewayUrl, server.adminUrl]) {
      expect(await readyOf(url)).toEqual([200, { ready: true, problems: [] }]);
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ alive: true });
    }
  });

  test("costs no look at every gateway, since anybody may ask for it again and again (threat P16)", async () => {
    await using server = await start();
    const { view, health } = server.publisher;
    const known = { head: view().head, alarms: view().alarms };
    server.publisher.health = () => known;
    server.publisher.view = () => expect.fail("all of the estate was looked at");
    for (const url of [server.gatewayUrl, server.adminUrl])
      expect(await readyOf(url)).toEqual([200, { ready: true, problems: [] }]);
    Object.assign(server.publisher, { view, health });
  });

  test("is not there when no heartbeat comes, and the process lives on", async () => {
    await using server = await start();
    server.publisher.at = now - 4;
    expect(await readyOf(server.gatewayUrl)).toEqual([503, { ready: false, problems: ["heartbeat"] }]);
    expect((await fetch(`${server.gatewayUrl}/health`)).status).toBe(200);
  });

  test("is not there when the clock is behind", async () => {
    await using server = await start();
    server.publisher.at = now + 1;
    expect(await readyOf(server.gatewayUrl)).toEqual([503, { ready: false, problems: ["clock"] }]);
  });

  test("is not there once the disk has failed", async () => {
    await using server = await start();
    server.publisher.fail(WritError.of("WRIT8004", { operation: "sync", name: "journal" }));
    await sleep(0);
    expect(await readyOf(server.adminUrl)).toEqual([503, { ready: false, problems: ["store"] }]);
  });
});

describe("metrics", () => {
  test("count what is asked, refused, revoked, and how soon it came through", async () => {
    await using server = await start({ storeBytes: async () => 12_345 });
    await change(`${server.adminUrl}/v1/revocations`, "soc", revocation);
    await fetch(`${server.adminUrl}/v1/view`);
    await fetch(`${server.adminUrl}/nothing`);
    const by = { issuer: "i", subject: "s", name: "n" };
    const entry = { kind: "revoke", at: now, by, words: "…", reach: { live: 1, enforced: 1 } } as const;
    server.publisher.changes = [
      { ...entry, sequence: 41, took: 120 },
      { ...entry, sequence: 40 },
    ];
    server.publisher.wake();
    server.publisher.wake();
    await sleep(400);
    const response = await fetch(`${server.adminUrl}/metrics`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const line of [
      'writ_requests_total{port="admin",method="POST",route="/v1/revocations",status="200"} 1',
      'writ_requests_total{port="admin",method="GET",route="none",status="404"} 1',
      'writ_refused_total{code="api-unauthenticated"} 1',
      "writ_revocations_total 2",
      "writ_reach_seconds_count 1",
      'writ_reach_seconds_bucket{le="0.25"} 1',
      'writ_reach_seconds_bucket{le="0.1"} 0',
      "writ_polls_held 0",
      "writ_head_version 8",
      "writ_head_age_seconds 0",
      "writ_store_bytes 12345",
      "writ_gateways_live 1",
      "writ_gateways_silent 1",
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).not.toMatch(/edge-1|127\.0\.0\.1|soc/);
  });

  test("are not on the port of the gateways", async () => {
    await using server = await start();
    expect((await fetch(`${server.gatewayUrl}/metrics`)).status).toBe(404);
  });
});

describe("the page", () => {
  test("P15 that is open is not for pages whose own name leads to this machine", async () => {
    await using server = await start({ openPage: true });
    const ask = async (host: string, path: string) => {
      const connection = await open(
        server.adminUrl,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      await expect.poll(() => connection.read()).toContain("\r\n\r\n");
      connection.socket.destroy();
      return connection.read().slice(9, 12);
    };
    for (const path of ["/", "/events"]) {
      for (const host of ["elsewhere.example.com", "127.0.0.1.example.com:80", "localhost.example.com", "[evil]"])
        expect([host, await ask(host, path)]).toEqual([host, "403"]);
      for (const host of ["localhost", "127.0.0.1:8182", "[::1]:8182", "192.0.2.7"])
        expect([host, await ask(host, path)]).toEqual([host, "200"]);
    }
  });

  test("is for people who are known; where it is open, for all who reach the port", async () => {
    {
      await using server = await start();
      expect(await refusalIn(await fetch(server.adminUrl))).toEqual([401, "api-unauthenticated"]);
      expect(await refusalIn(await fetch(`${server.adminUrl}/events`))).toEqual([401, "api-unauthenticated"]);
      const page = await fetch(server.adminUrl, { headers: bearer(tokenOf("audrey")) });
      expect(page.status).toBe(200);
      expect((await fetch(server.gatewayUrl, { headers: bearer(tokenOf("audrey")) })).status).toBe(404);
    }
    await using server = await start({ openPage: true });
    const response = await fetch(server.adminUrl);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const text = await response.text();
    expect(text).toContain("edge-1");
    for (const [, path] of text.matchAll(/(?:href|src)="(\/[a-z.]+)"/g))
      expect((await fetch(server.adminUrl + path)).status).toBe(200);
    expect((await fetch(`${server.adminUrl}/v1/view`)).status).toBe(401);
    expect((await fetch(`${server.adminUrl}/?audit=1`)).status).toBe(200);
    expect((await fetch(`${server.adminUrl}/?audit=x`)).status).toBe(422);
  });

  test("is told of each change, and nothing is left when it is closed", async () => {
    await using server = await start({ openPage: true });
    const before = server.publisher.watchers;
    const response = await fetch(`${server.adminUrl}/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body!.getReader();
    const next = async () => Buffer.from((await reader.read()).value!).toString();
    expect(await next()).toBe(": \n\n");
    server.publisher.wake();
    expect(await next()).toBe("data: changed\n\n");
    expect(server.publisher.watchers).toBe(before + 1);
    await reader.cancel();
    for (let tries = 0; server.publisher.watchers > before && tries < 100; tries++) await sleep(10);
    expect(server.publisher.watchers).toBe(before);
  });

  test("of more people than are let in at once is turned away", async () => {
    await using server = await start({ openPage: true, limits: { streams: 1 } });
    const first = await fetch(`${server.adminUrl}/events`);
    expect(await refusalIn(await fetch(`${server.adminUrl}/events`))).toEqual([503, "server-busy"]);
    await first.body!.cancel();
  });
});

describe("a server that stops", () => {
  test("ends what is under way, and the streams, then is gone", async () => {
    const server = await start({ openPage: true });
    const stream = await fetch(`${server.adminUrl}/events`);
    const { promise, resolve } = Promise.withResolvers<void>();
    const revoke = server.publisher.revoke;
    server.publisher.revoke = async (...given) => {
      await promise;
      return revoke(...given);
    };
    const changing = change(`${server.adminUrl}/v1/revocations`, "soc", revocation);
    await sleep(100);
    const closing = server.close();
    expect(server.close()).toBe(closing);
    await sleep(50);
    resolve();
    const response = await changing;
    expect([response.status, response.headers.get("connection")]).toEqual([200, "close"]);
    expect(await response.json()).toEqual({ version: 8, sequence: 41 });
    expect(await stream.text()).toBe(": \n\n");
    await closing;
    await expect(fetch(`${server.adminUrl}/health`)).rejects.toThrow();
    expect(JSON.parse(server.lines.at(-1)!)).toMatchObject({ event: "closed" });
    expect(server.publisher.watchers).toBe(0);
  });

  test("waits for no one longer than its grace", async () => {
    const server = await start({ limits: { grace: 300 } });
    server.publisher.revoke = () => new Promise(() => {});
    const changing = change(`${server.adminUrl}/v1/revocations`, "soc", revocation);
    changing.catch(() => {});
    await sleep(100);
    const begun = performance.now();
    await server.close();
    expect(performance.now() - begun).toBeLessThan(2000);
    await expect(changing).rejects.toThrow();
  });
});

test("an answer of the audit log ends after some 8 MiB: long lines come in parts, and none is left out", async () => {
  await using server = await start();
  const line = Buffer.alloc(120_000, "x");
  server.publisher.auditLines = async (since, limit) =>
    Array.from({ length: Math.max(0, Math.min(limit, 300 - since)) }, () => line);
  let lines = 0;
  for (let answers = 0; lines < 300; answers++) {
    const response = await fetch(`${server.adminUrl}/v1/audit?since=${lines}`, { headers: bearer(tokenOf("audrey")) });
    const { length } = await response.bytes();
    expect(length).toBeLessThan(16 * 1024 * 1024);
    lines += length / (line.length + 1);
    expect(answers).toBeLessThan(6);
  }
  expect(lines).toBe(300);
});
