/** The gateway port: long polls of gateways of ours, held and let go. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { pollQuery } from "../../src/protocol/index.ts";
import { open } from "./raw.ts";
import { bearer, gatewayToken, refusalIn, start, tokenOf } from "./start.ts";

const held = { root: 1, timestamp: 7, snapshot: 3, targets: 2, revocations: 5, enforced: 40, policy: 12 };

function poll(
  url: string,
  { timestamp = 7, wait = 0, gateway = "edge-1", signal }: PollOptions = {},
): Promise<Response> {
  return fetch(`${url}/v1/poll?${pollQuery({ ...held, timestamp })}`, {
    headers: { ...bearer(gatewayToken(gateway)), ...(wait > 0 && { prefer: `wait=${wait}` }) },
    ...(signal && { signal }),
  });
}

interface PollOptions {
  readonly timestamp?: number;
  readonly wait?: number;
  readonly gateway?: string;
  readonly signal?: AbortSignal;
}

describe("a poll", () => {
  test("is answered at once where something is newer", async () => {
    await using server = await start();
    const response = await poll(server.gatewayUrl, { timestamp: 6, wait: 30 });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-tar");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("server")).toBeNull();
    expect(await response.text()).toBe("head 7");
    expect(server.publisher.asked).toEqual([["poll", { ...held, timestamp: 6 }, 30_000]]);
  });

  test("is held until something comes", async () => {
    await using server = await start();
    const asked = poll(server.gatewayUrl, { wait: 30 });
    await until(() => server.publisher.waiting === 1);
    server.publisher.version++;
    server.publisher.wake();
    expect(await (await asked).text()).toBe("head 8");
  });

  test("is answered with nothing after its time, and at most after a minute", async () => {
    await using server = await start();
    const begun = performance.now();
    expect((await poll(server.gatewayUrl, { wait: 1 })).status).toBe(204);
    expect(performance.now() - begun).toBeGreaterThan(900);
    const controller = new AbortController();
    const asked = poll(server.gatewayUrl, { wait: 3600, signal: controller.signal });
    await until(() => server.publisher.waiting === 1);
    expect(server.publisher.asked.at(-1)?.[2]).toBe(60_000);
    controller.abort();
    await expect(asked).rejects.toThrow();
  });

  test("leaves nothing behind when the gateway leaves", async () => {
    await using server = await start();
    const controller = new AbortController();
    const asked = poll(server.gatewayUrl, { wait: 30, signal: controller.signal });
    await until(() => server.publisher.waiting === 1);
    controller.abort();
    await expect(asked).rejects.toThrow();
    await until(() => server.publisher.waiting === 0);
    expect((await poll(server.gatewayUrl, { timestamp: 6 })).status).toBe(200);
  });

  test("is let go when the server stops", async () => {
    const server = await start();
    const asked = poll(server.gatewayUrl, { wait: 30 });
    await until(() => server.publisher.waiting === 1);
    const begun = performance.now();
    const [response] = await Promise.all([asked, server.close()]);
    expect(response.status).toBe(204);
    expect(performance.now() - begun).toBeLessThan(2000);
    await expect(poll(server.gatewayUrl)).rejects.toThrow();
  });

  test("says all that is held, in its one spelling", async () => {
    await using server = await start();
    const ask = (query: string) =>
      fetch(`${server.gatewayUrl}/v1/poll?${query}`, { headers: bearer(gatewayToken("edge-1")) });
    for (const query of ["", "root=1", `${pollQuery(held)}&x=1`, pollQuery(held).replace("root=1", "root=01")])
      expect((await ask(query)).status).toBe(422);
    expect(server.publisher.asked).toEqual([]);
  });
});

describe("P17 too many polls", () => {
  test("P17 the fifth poll of one gateway is turned away, and the four of before go on", async () => {
    await using server = await start();
    const four = Array.from({ length: 4 }, () => poll(server.gatewayUrl, { wait: 30 }));
    await until(() => server.publisher.waiting === 4);
    const fifth = await poll(server.gatewayUrl, { wait: 30 });
    expect(fifth.headers.get("retry-after")).toBe("1");
    expect(await refusalIn(fifth)).toEqual([429, "too-many-polls"]);
    const other = poll(server.gatewayUrl, { wait: 30, gateway: "edge-2" });
    await until(() => server.publisher.waiting === 5);
    server.publisher.version++;
    server.publisher.wake();
    for (const response of await Promise.all([...four, other])) expect(response.status).toBe(200);
    expect((await poll(server.gatewayUrl)).status).toBe(200);
    expect(server.publisher.refusals).toEqual([["GET /v1/poll", "too-many-polls", "edge-1"]]);
  });

  test("P17 one gateway that opens 1,000: four are held, and honest ones of before and after are served", async () => {
    await using server = await start();
    const honest = poll(server.gatewayUrl, { wait: 30, gateway: "edge-2" });
    await until(() => server.publisher.waiting === 1);
    const text = `GET /v1/poll?${pollQuery(held)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gatewayToken("edge-1")}\r\nPrefer: wait=30\r\n\r\n`;
    const opened = await Promise.all(
      Array.from({ length: 1000 }, (_, index) => open(server.gatewayUrl, text, `127.0.0.${2 + (index % 5)}`)),
    );
    await until(() => opened.filter((one) => one.read() !== "").length === 996);
    expect(server.publisher.waiting).toBe(5);
    const refused = opened.map((one) => one.read()).filter((answer) => answer !== "");
    for (const answer of refused) expect(answer).toMatch(/^HTTP\/1\.1 429 [\s\S]*retry-after: 1\r\n/);
    const later = poll(server.gatewayUrl, { wait: 30, gateway: "edge-2" });
    await until(() => server.publisher.waiting === 6);
    server.publisher.version++;
    server.publisher.wake();
    for (const response of await Promise.all([honest, later])) expect(response.status).toBe(200);
    for (const { socket } of opened) socket.destroy();
  });

  test("P17 one poll more than the server holds is turned away with 503, and those of before go on", async () => {
    await using server = await start({ limits: { polls: 2 } }, { gateways: ["a", "b", "c"] });
    const two = ["a", "b"].map((gateway) => poll(server.gatewayUrl, { wait: 30, gateway }));
    await until(() => server.publisher.waiting === 2);
    const third = await poll(server.gatewayUrl, { wait: 30, gateway: "c" });
    expect(third.headers.get("retry-after")).toBe("1");
    expect(await refusalIn(third)).toEqual([503, "server-busy"]);
    server.publisher.version++;
    server.publisher.wake();
    for (const response of await Promise.all(two)) expect(response.status).toBe(200);
    expect((await poll(server.gatewayUrl, { gateway: "c" })).status).toBe(200);
  });
});

test.each([
  ["/v1/status", { ring: "stable", problems: [], decisions: { allowed: 1, denied: 0, dropped: 0 } }],
  ["/opa/status", { labels: {}, bundles: {} }],
])("B17 a gateway that reports at %s without a pause is turned away, and no other one", async (path, report) => {
  await using server = await start();
  const tell = (gateway: string) =>
    fetch(server.gatewayUrl + path, {
      method: "POST",
      headers: { ...bearer(gatewayToken(gateway)), "content-type": "application/json" },
      body: JSON.stringify(report),
    });
  const answers = await Promise.all(Array.from({ length: 40 }, () => tell("edge-1")));
  const refused = answers.filter(({ status }) => status !== 204);
  expect(refused.length).toBeGreaterThan(10);
  expect(refused[0]!.headers.get("retry-after")).toBe("1");
  expect(await refusalIn(refused[0]!)).toEqual([429, "rate-exceeded"]);
  expect((await tell("edge-2")).status).toBe(204);
});

test("nobody but a gateway polls, and a gateway finds nothing to administer", async () => {
  await using server = await start();
  const path = `/v1/poll?${pollQuery(held)}`;
  expect(await refusalIn(await fetch(server.gatewayUrl + path))).toEqual([401, "api-unauthenticated"]);
  const asOperator = await fetch(server.gatewayUrl + path, { headers: bearer(tokenOf("oscar")) });
  expect(await refusalIn(asOperator)).toEqual([403, "api-forbidden"]);
  const headers = bearer(gatewayToken("edge-1"));
  expect(await refusalIn(await fetch(`${server.gatewayUrl}/v1/view`, { headers }))).toEqual([404, "not-found"]);
  expect(await refusalIn(await fetch(`${server.adminUrl}/v1/view`, { headers }))).toEqual([403, "api-forbidden"]);
  expect(server.publisher.asked).toEqual([]);
});

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !isSo(); tries++) await sleep(10);
  expect(isSo()).toBe(true);
}
