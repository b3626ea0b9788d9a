/** TLS built in, callers by client certificate, and where plain HTTP is served at all. */
import { Agent, request } from "node:https";
import type { Socket } from "node:net";
import { connect as connectSecure, type SecureVersion } from "node:tls";
import { describe, expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import { type Certificate, certificateFor } from "./certificates.ts";
import { open } from "./raw.ts";
import { now, start } from "./start.ts";

const server = certificateFor("localhost", now - 3600, now + 3600);
const known = certificateFor("soc", now - 3600, now + 3600);
const stranger = certificateFor("soc", now - 3600, now + 3600);
const old = certificateFor("soc", now - 7200, now - 1);

const revocation = JSON.stringify({ entries: [{ path: ["identities", "ci-runner"] }], reason: "its key leaked" });

function revoke(
  url: string,
  client: Certificate | undefined,
  more: object = {},
  agent: Agent | false = false,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/revocations`, {
      method: "POST",
      // The clock of this machine is not that of the test, so it is the certificate itself that is compared.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(client && { cert: client.certificate, key: client.key }),
      headers: { "content-type": "application/json", "idempotency-key": `${Math.random()}`, ...more },
      agent,
    });
    sent.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end(revocation);
  });
}

describe("over TLS", () => {
  const options = { tls: server, admin: { host: "127.0.0.1" } };
  const setting = { certificates: [known.thumbprint, old.thumbprint] };

  test("a caller is known by the thumbprint of a certificate whose key it holds", async () => {
    await using running = await start(options, setting);
    expect(running.adminUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await revoke(running.adminUrl, known)).toBe(200);
    expect(await revoke(running.adminUrl, stranger)).toBe(401);
    expect(await revoke(running.adminUrl, undefined)).toBe(401);
    expect(running.publisher.asked).toHaveLength(1);
  });

  test("a certificate counts in its time only", async () => {
    await using running = await start(options, setting);
    expect(await revoke(running.adminUrl, old)).toBe(401);
    expect(running.publisher.asked).toEqual([]);
  });

  test("a certificate that ends while its connection goes on counts no longer", async () => {
    let time = now;
    await using running = await start({ ...options, now: () => time }, setting);
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const ports = new Set<number | undefined>();
    agent.on("free", ({ localPort }: Socket) => ports.add(localPort));
    expect(await revoke(running.adminUrl, known, {}, agent)).toBe(200);
    time += 3601;
    expect(await revoke(running.adminUrl, known, {}, agent)).toBe(401);
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test("P15 a browser that presents it for a page of others is refused", async () => {
    await using running = await start(options, setting);
    expect(await revoke(running.adminUrl, known, { origin: "https://elsewhere.example.com" })).toBe(403);
    expect(await revoke(running.adminUrl, known, { origin: running.adminUrl.replace("https", "http") })).toBe(403);
    expect(running.publisher.asked).toEqual([]);
    const { host } = new URL(running.adminUrl);
    expect(await revoke(running.adminUrl, known, { origin: `https://${host}` })).toBe(200);
  });

  test.each([
    ["TLSv1.3", true],
    ["TLSv1.2", true],
    ["TLSv1.1", false],
    ["TLSv1", false],
  ] as [SecureVersion, boolean][])("%s is spoken: %s", async (version, isSpoken) => {
    await using running = await start(options);
    const { port } = new URL(running.gatewayUrl);
    const spoken = await new Promise<boolean>((resolve) => {
      const versions = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
      const socket = connectSecure({ port: Number(port), host: "127.0.0.1", rejectUnauthorized: false, ...versions });
      socket.on("secureConnect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    expect(spoken).toBe(isSpoken);
  });

  test("P16 a handshake that does not come is not waited for", async () => {
    await using running = await start({ ...options, limits: { headersTimeout: 300, checkEvery: 100 } });
    const connection = await open(running.gatewayUrl, "");
    expect(await connection.closed).toBeLessThan(1500);
    const half = await open(running.gatewayUrl, "\x16\x03\x01\x02\x00\x01");
    expect(await half.closed).toBeLessThan(1500);
  });

  test("plain HTTP on the port is no request", async () => {
    await using running = await start(options);
    const connection = await open(running.gatewayUrl, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    await connection.closed;
    expect(connection.read()).not.toMatch(/200/);
  });
});

describe("plain HTTP", () => {
  test.each(["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com"])(
    "is not served on %s",
    async (host) => {
      for (const options of [{ gateway: { host } }, { admin: { host } }]) {
        const refused = await start(options).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(WritError);
        expect((refused as WritError).code).toBe("WRIT8412");
      }
    },
  );

  test.each(["127.0.0.1", "127.0.0.2", "localhost", "::1"])("is served on %s", async (host) => {
    await using running = await start({ gateway: { host } });
    expect((await fetch(`${running.gatewayUrl}/health`)).status).toBe(200);
  });

  test("is served anywhere once somebody says so", async () => {
    await using running = await start({ gateway: { host: "0.0.0.0" }, insecureHttp: true });
    const { port } = new URL(running.gatewayUrl);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });
});
