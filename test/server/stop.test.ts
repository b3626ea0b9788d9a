/** A server that stops waits for what is under way, and for nothing else: its own patience is set beyond that of these tests. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectSecure } from "node:tls";
import { expect, test } from "vitest";
import { certificateFor } from "./certificates.ts";
import { open } from "./raw.ts";
import { now, start } from "./start.ts";

const limits = { grace: 600_000, headersTimeout: 600_000, requestTimeout: 600_000 };

// A client that gives up a request, as a gateway that is closed gives up its poll, connects anew for requests to come.
test("for no connection on which nothing was asked", async () => {
  const server = await start({ limits });
  const silent = await Promise.all([open(server.gatewayUrl, ""), open(server.adminUrl, "")]);
  expect((await fetch(`${server.gatewayUrl}/health`)).status).toBe(200);
  expect((await fetch(`${server.adminUrl}/health`)).status).toBe(200);
  await server.close();
  await Promise.all(silent.map(({ closed }) => closed));
});

test("for no connection on which nothing was asked over TLS", async () => {
  const tls = certificateFor("localhost", now - 3600, now + 3600);
  const server = await start({ limits, tls });
  const silent = connectSecure({ port: Number(new URL(server.gatewayUrl).port), rejectUnauthorized: false });
  silent.on("error", () => {});
  await once(silent, "secureConnect");
  // The other side has yet to see the end of the handshake.
  await sleep(100);
  const closed = once(silent, "close");
  await server.close();
  await closed;
});

test("for no connection whose answer began before, once it has ended", async () => {
  const server = await start({ limits, openPage: true });
  const stream = await open(server.adminUrl, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (!stream.read().includes("keep-alive")) await sleep(5);
  await server.close();
  await stream.closed;
  expect(stream.read()).toMatch(/\r\n0\r\n\r\n$/);
});
