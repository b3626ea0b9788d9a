/** Those who take their time: they are closed by the limits, and nobody else notices. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Limits } from "../../src/server/index.ts";
import { processorTime } from "../processor-time.ts";
import { open, type RawConnection } from "./raw.ts";
import { bearer, gatewayToken, refusalIn, start, tokenOf } from "./start.ts";

/** The limits of threat model §9, a tenth of each. */
const limits: Partial<Limits> = {
  headersTimeout: 500,
  requestTimeout: 1000,
  checkEvery: 100,
  slowAfter: 500,
  longestAnswer: 6000,
};
/** Milliseconds by which a busy machine is late. */
const late = 700;

const authorization = `Authorization: Bearer ${gatewayToken("edge-1")}\r\n`;

describe("P16 slow", () => {
  test("P16 headers: closed after the time for headers, with 408", async () => {
    await using server = await start({ limits });
    for (const text of ["", "GET /health HTTP/1.1\r\nHost: x\r\n"]) {
      const connection = await open(server.gatewayUrl, text);
      const dripping = text === "" ? () => {} : drip(connection, "X-A: b\r\n");
      const took = await connection.closed;
      dripping();
      expect(took).toBeGreaterThan(400);
      expect(took).toBeLessThan(500 + 100 + late);
      expect(connection.read()).toMatch(/^HTTP\/1\.1 408 /);
    }
  });

  test("P16 a body: closed after the time for a request", async () => {
    await using server = await start({ limits });
    const head = `POST /v1/revocations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf("soc")}\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`;
    const connection = await open(server.adminUrl, head);
    const dripping = drip(connection, " ");
    const took = await connection.closed;
    dripping();
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(1000 + 100 + late);
    expect(connection.read()).toMatch(/^HTTP\/1\.1 408 /);
    expect(server.publisher.asked).toEqual([]);
  });

  test("P16 a body that nobody may send is not waited for", async () => {
    await using server = await start({ limits });
    const head = "PUT /v1/bundles/x HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n";
    const connection = await open(server.adminUrl, head);
    await until(() => connection.read().includes("\r\n\r\n"));
    expect(connection.read()).toMatch(/^HTTP\/1\.1 4/);
    expect(await connection.closed).toBeLessThan(1000 + 100 + late);
  });

  test("P16 reading: closed once nothing is taken", async () => {
    await using server = await start({ limits });
    const digest = "a".repeat(64);
    server.publisher.files.set(digest, randomBytes(32 * 1024 * 1024));
    const connection = await open(
      server.gatewayUrl,
      `GET /blobs/${digest} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`,
    );
    connection.socket.pause();
    // One who does not read does not see the end either.
    await sleep(2 * 500 + 200 + late);
    connection.socket.resume();
    await connection.closed;
    expect(connection.read().length).toBeLessThan(30 * 1024 * 1024);
  });

  test("P16 reading steadily, however long it takes, is not slow", async () => {
    await using server = await start({ limits });
    const digest = "a".repeat(64);
    server.publisher.files.set(digest, randomBytes(8 * 1024 * 1024));
    const text = `GET /blobs/${digest} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${authorization}\r\n`;
    const connection = await open(server.gatewayUrl, text);
    const timer = setInterval(() => {
      connection.socket.resume();
      setTimeout(() => connection.socket.pause(), 2);
    }, 40);
    await connection.closed;
    clearInterval(timer);
    expect(connection.read().length).toBeGreaterThan(8 * 1024 * 1024);
  });

  test("P16 hundreds of slow ones: closed by the limits, while every honest one is answered", async () => {
    await using server = await start({ limits });
    const headers = bearer(gatewayToken("edge-1"));
    const url = `${server.gatewayUrl}/metadata/timestamp.json`;
    server.publisher.files.set("timestamp.json", Buffer.from("{}"));
    /** What sixty honest ones cost: how long they take is measured by `slow-clients.ts`, on a machine that does nothing else. */
    const honest = async (): Promise<number> => {
      const begun = processorTime();
      for (let index = 0; index < 60; index++) expect((await fetch(url, { headers })).status).toBe(200);
      return processorTime() - begun;
    };
    await honest();
    const baseline = await honest();
    // From three addresses, so that only time closes them.
    const slow = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        open(server.gatewayUrl, "GET / HTTP/1.1\r\nHost: x\r\n", `127.0.0.${2 + (index % 3)}`),
      ),
    );
    const during = await honest();
    // What is done for the slow ones in the same moments is among it: nothing grows with each honest one.
    expect(during).toBeLessThan(2 * baseline + 150);
    await Promise.all(slow.map(({ closed }) => closed));
  });
});

describe("connections", () => {
  test("one more than an address may have is turned away; another address is not", async () => {
    await using server = await start({ limits: { connectionsPerAddress: 3 } });
    const three = await Promise.all(Array.from({ length: 3 }, () => open(server.gatewayUrl, "", "127.0.0.2")));
    const fourth = await open(server.gatewayUrl, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "127.0.0.2");
    await fourth.closed;
    expect(fourth.read()).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1\r\n[\s\S]*"code":"server-busy"/);
    expect(await healthOf(server.gatewayUrl, "127.0.0.3")).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of three) socket.destroy();
    await until(async () => (await healthOf(server.gatewayUrl, "127.0.0.2")).startsWith("HTTP/1.1 200 "));
  });

  test("whoever fills the port of gateways, from whatever address, keeps nobody from revoking", async () => {
    await using server = await start({ limits: { connections: 2 } });
    const both = await Promise.all([open(server.gatewayUrl, ""), open(server.gatewayUrl, "")]);
    expect(await healthOf(server.gatewayUrl)).toMatch(/^HTTP\/1\.1 503 /);
    expect(await healthOf(server.adminUrl)).toMatch(/^HTTP\/1\.1 200 /);
    for (const { socket } of both) socket.destroy();
    await until(async () => (await healthOf(server.gatewayUrl)).startsWith("HTTP/1.1 200 "));
  });

  test("that break in the middle of a body leave no mistake behind", async () => {
    await using server = await start();
    const head = `POST /v1/halt HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf("oscar")}\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
    const connection = await open(server.adminUrl, head);
    await sleep(50);
    connection.socket.destroy();
    await until(() => server.lines.some((line) => line.includes('"/v1/halt"')));
    expect(server.lines.filter((line) => line.includes('"mistake"'))).toEqual([]);
    expect(server.publisher.asked).toEqual([]);
    expect(await refusalIn(await fetch(`${server.adminUrl}/x`))).toEqual([404, "not-found"]);
  });
});

async function healthOf(url: string, from?: string): Promise<string> {
  const connection = await open(url, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", from);
  await connection.closed;
  return connection.read();
}

/** Sends a little, again and again, until the function that it gives is called. */
function drip(connection: RawConnection, text: string): () => void {
  const timer = setInterval(() => connection.write(text), 50);
  return () => clearInterval(timer);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await isSo()) return;
    await sleep(10);
  }
  expect.unreachable("it did not come to that");
}
