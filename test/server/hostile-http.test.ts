/** What is not HTTP as the standard spells it, at the server's own parser. */
import { describe, expect, test } from "vitest";
import { open } from "./raw.ts";
import { gatewayToken, start, tokenOf } from "./start.ts";

const authorization = `Authorization: Bearer ${gatewayToken("edge-1")}\r\n`;
const post = `POST /v1/halt HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf("oscar")}\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n`;
const body = '{"reason":"so"}';

const hostile: readonly (readonly [what: string, status: string, text: string])[] = [
  ["a header of 1 MiB", "431", `GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${"x".repeat(1024 * 1024)}\r\n\r\n`],
  ["1,000 headers", "431", `GET /health HTTP/1.1\r\nHost: x\r\n${"X-A: b\r\n".repeat(1000)}\r\n`],
  ["65 headers", "431", `GET /health HTTP/1.1\r\nHost: x\r\n${"X-A: b\r\n".repeat(64)}\r\n`],
  ["a header line of 9 KiB", "431", `GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${"x".repeat(9 * 1024)}\r\n\r\n`],
  ["an address of 9 KiB", "431", `GET /${"x".repeat(9 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  [
    "a length and chunks",
    "400",
    `${post}Content-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n${body}\r\n0\r\n\r\n`,
  ],
  ["two lengths", "400", `${post}Content-Length: 15\r\nContent-Length: 16\r\n\r\n${body}`],
  ["a length that is none", "400", `${post}Content-Length: +15\r\n\r\n${body}`],
  ["an unknown coding", "400", `${post}Transfer-Encoding: identity, x\r\n\r\n${body}`],
  ["a bare LF", "400", "GET /health HTTP/1.1\nHost: x\n\n"],
  ["a bare LF after a header", "400", "GET /health HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n"],
  ["a bare CR", "400", "GET /health HTTP/1.1\r\nHost: x\rX-A: b\r\n\r\n"],
  ["a folded header", "400", "GET /health HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n"],
  ["a space before the colon", "400", "GET /health HTTP/1.1\r\nHost : x\r\n\r\n"],
  ["a header without a name", "400", "GET /health HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n"],
  ["NUL in a header", "400", "GET /health HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n"],
  ["no host", "400", "GET /health HTTP/1.1\r\n\r\n"],
  ["two hosts", "400", "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"],
  ["no version", "400", "GET /health\r\n\r\n"],
  ["HTTP/2 without TLS", "400", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["an unknown method", "400", "BREW /health HTTP/1.1\r\nHost: x\r\n\r\n"],
  ["a tunnel", "400", "CONNECT internal.example.com:443 HTTP/1.1\r\nHost: internal.example.com\r\n\r\n"],
  ["TLS on a plain port", "400", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ["noise", "400", "\x00\xff\xfe\x01".repeat(100)],
];

describe("Q13 at the parser of the server", () => {
  test.each(hostile)(
    "Q13 %s: %s, nothing is asked of the publisher, and the next good request works",
    async (_what, status, text) => {
      await using server = await start();
      for (const url of [server.gatewayUrl, server.adminUrl]) {
        const connection = await open(url, text);
        connection.socket.once("data", () => connection.socket.end());
        await connection.closed;
        expect(connection.read().slice(0, 12)).toMatch(/^HTTP\/1\.1 4/);
        if (url === server.adminUrl || !text.startsWith("POST")) expect(connection.read().slice(9, 12)).toBe(status);
        expect((await fetch(`${url}/health`)).status).toBe(200);
      }
      expect(server.publisher.asked).toEqual([]);
    },
  );

  test("Q13 what follows a request that can't be read is not read either", async () => {
    await using server = await start();
    const second = `GET /blobs/${"a".repeat(64)} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`;
    const connection = await open(server.gatewayUrl, `GET /health HTTP/1.1\nHost: x\n\n${second}`);
    await connection.closed;
    expect(connection.read().match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expect(server.publisher.asked).toEqual([]);
  });

  test("64 headers of 8 KiB in all are taken", async () => {
    await using server = await start();
    const text = `GET /health HTTP/1.1\r\nHost: x\r\n${"X-A: b\r\n".repeat(62)}Connection: close\r\n\r\n`;
    const connection = await open(server.gatewayUrl, text);
    await connection.closed;
    expect(connection.read()).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("every answer holds a browser to what it is, and tells nothing of what answers", async () => {
    await using server = await start();
    const texts = [
      "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\nx\n\n",
      "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ];
    for (const text of texts) {
      const connection = await open(server.gatewayUrl, text);
      await connection.closed;
      const [head = ""] = connection.read().toLowerCase().split("\r\n\r\n");
      expect(head).toMatch(/^x-content-type-options: nosniff$/m);
      expect(head).toMatch(/^cache-control: no-store$/m);
      expect(head).not.toMatch(/^(server|x-powered-by):/m);
    }
  });
});

test("a mistake of ours is told to the log without its text, and to nobody else", async () => {
  await using server = await start();
  server.publisher.view = () => {
    throw new TypeError("a text with a secret in it");
  };
  const response = await fetch(`${server.adminUrl}/v1/view`, {
    headers: { authorization: `Bearer ${tokenOf("audrey")}` },
  });
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(text)).toMatchObject({ code: "server-failed", number: "WRIT8410" });
  expect(text).not.toMatch(/secret|TypeError|\.ts/);
  const line = server.lines.find((each) => each.includes('"mistake"')) ?? "";
  expect(JSON.parse(line)).toMatchObject({ event: "mistake", name: "TypeError" });
  expect(line).not.toMatch(/secret/);
});
