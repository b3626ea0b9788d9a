/** What the logs hold: everything that was refused, and nothing that is secret. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fileDecisionSink } from "../../src/server/index.ts";
import { open } from "./raw.ts";
import { bearer, change, eventTokenOf, gatewayToken, start, tokenOf } from "./start.ts";

const revocation = { entries: [{ path: ["identities", "ci-runner"] }], reason: "its key leaked" };

describe("P18 what callers put into names", () => {
  test("P18 a subject with lines, quotes, ANSI codes and 1 MiB makes one escaped line, if any", async () => {
    await using server = await start();
    const names = ['a\n{"event":"forged"}', 'a"b', "\u001b[2J\u001b[31m", "\u2028\u202e", "x".repeat(1024)];
    for (const sub of names)
      expect((await change(`${server.adminUrl}/v1/halt`, "", { reason: "so" }, bearer(tokenOf(sub)))).status).toBe(401);
    // One of 1 MiB does not even fit into the headers.
    const text = `GET /v1/view HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf("x".repeat(1024 * 1024))}\r\n\r\n`;
    const connection = await open(server.adminUrl, text);
    connection.socket.once("data", () => connection.socket.end());
    await connection.closed;
    expect(server.lines.length).toBeGreaterThanOrEqual(1 + names.length);
    for (const line of server.lines) {
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(line.slice(0, -1)).not.toMatch(/\p{Cc}|\p{Zl}|\p{Bidi_Control}/u);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16 * 1024);
      expect(["listening", "request"]).toContain(JSON.parse(line).event);
    }
    // Who a genuine token names is for the audit log, which escapes and cuts by itself.
    expect(server.publisher.refusals.filter(([, , subject]) => subject === names[0])).toHaveLength(1);
  });

  test("P18 an address is never in the log, only its route", async () => {
    await using server = await start();
    await fetch(`${server.adminUrl}/v1/view?access_token=secret-in-query`);
    await fetch(`${server.adminUrl}/secret-in-path`);
    expect(server.lines.join("")).not.toMatch(/secret/);
    expect(server.lines.map((line) => JSON.parse(line).route)).toEqual([undefined, "/v1/view", "none"]);
  });
});

describe("P19 what is refused", () => {
  test("P19 is audited with actor and code, and no secret stands in any log", async () => {
    const folder = await mkdtemp(join(tmpdir(), "writ-"));
    try {
      const file = join(folder, "decisions.jsonl");
      const secrets: string[] = [];
      const secret = (token: string) => {
        secrets.push(token, token.split(".").at(-1)!);
        return token;
      };
      let audited: FakeAudit = [];
      let lines: readonly string[] = [];
      {
        await using server = await start({ decisions: fileDecisionSink(file, () => {}) });
        const url = server.adminUrl;
        const as = (name: string) => bearer(secret(tokenOf(name)));
        await change(`${url}/v1/revocations`, "", revocation, bearer(secret(tokenOf("nobody"))));
        await change(`${url}/v1/revocations`, "", revocation, bearer(secret("not-a-token-0123456789")));
        await change(`${url}/v1/revocations`, "", revocation, { authorization: `Basic ${secret("dXNlcjpwYXNz")}` });
        await change(`${url}/v1/revocations`, "", revocation, as("oscar"));
        await change(`${url}/v1/revocations`, "", { ...revocation, [secret(tokenOf("soc"))]: 1 }, as("soc"));
        await change(`${url}/v1/revocations`, "", `${secret(tokenOf("soc"))}`, as("soc"));
        await change(`${url}/v1/revocations`, "", revocation, {
          ...as("soc"),
          "idempotency-key": secret("a key with spaces"),
        });
        await change(`${url}/v1/revocations`, "", revocation, {
          ...as("soc"),
          origin: "https://elsewhere.example.com",
        });
        await change(`${url}/v1/revocations`, "", revocation, { ...as("soc"), "content-type": "text/plain" });
        await change(`${url}/v1/revocations`, "", " ".repeat(70_000), as("soc"));
        await change(`${url}/v1/candidates`, "", { digest: "a".repeat(64), provenance: {}, authors: [] }, as("ci"));
        await fetch(`${url}/v1/${secret(tokenOf("soc"))}`, { headers: as("soc") });
        await fetch(`${url}/v1/view?token=${secret(tokenOf("soc"))}`);
        const gateway = bearer(secret(gatewayToken("edge-1")));
        await fetch(`${server.gatewayUrl}/blobs/${secret(gatewayToken("edge-1"))}`, { headers: gateway });
        await fetch(`${server.gatewayUrl}/v1/poll?x=${secret("poll-secret")}`, { headers: gateway });
        const event = {
          decision_id: "one",
          input: { token: secret(tokenOf("x")) },
          result: { allow: true, token: secret("token-in-result") },
        };
        await fetch(`${server.gatewayUrl}/opa/logs`, {
          method: "POST",
          headers: { ...gateway, "content-type": "application/json", "content-encoding": "gzip" },
          body: gzipSync(JSON.stringify([event])),
        });
        const broken = await open(
          url,
          `GET /${secret(tokenOf("soc"))} HTTP/1.1\nAuthorization: Bearer ${secret(tokenOf("soc"))}\n\n`,
        );
        await broken.closed;
        audited = server.publisher.refusals;
        lines = server.lines;
      }
      expect(audited.map(([action, code, subject]) => [action, code, subject])).toEqual([
        ["POST /v1/revocations", "api-unauthenticated", "nobody"],
        ["POST /v1/revocations", "api-unauthenticated", undefined],
        ["POST /v1/revocations", "api-unauthenticated", undefined],
        ["POST /v1/revocations", "api-forbidden", "oscar"],
        ["POST /v1/revocations", "request-malformed", "soc"],
        ["POST /v1/revocations", "request-malformed", "soc"],
        ["POST /v1/revocations", "request-malformed", "soc"],
        ["POST /v1/revocations", "cross-origin", undefined],
        ["POST /v1/revocations", "content-type-wrong", "soc"],
        ["POST /v1/revocations", "body-too-large", "soc"],
        ["POST /v1/candidates", "bundle-not-uploaded", "ci"],
        ["GET none", "not-found", undefined],
        ["GET /v1/view", "api-unauthenticated", undefined],
        ["GET /blobs/{digest}", "not-found", "edge-1"],
        ["GET /v1/poll", "request-malformed", "edge-1"],
        ["read", "request-unreadable", undefined],
      ]);
      const written = [...lines, JSON.stringify(audited), await readFile(file, "utf8")].join("\n");
      expect(written).toContain('"decision_id":"one"');
      for (const each of secrets) expect(written).not.toContain(each);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  type FakeAudit = readonly (readonly [string, string, string | undefined])[];

  test("P19 why a credential was none stands in the log and is told to nobody", async () => {
    await using server = await start();
    const headers = bearer(tokenOf("soc", { aud: "https://other.example.com" }));
    const response = await fetch(`${server.adminUrl}/v1/view`, { headers });
    expect(await response.text()).not.toMatch(/audience/);
    expect(JSON.parse(server.lines.at(-1)!)).toMatchObject({
      code: "api-unauthenticated",
      reason: "audience",
      status: 401,
    });
  });
});

describe("the file of decisions", () => {
  test("is bounded while the disk does not keep up, counts what is lost, and goes on when it is moved away", async () => {
    const folder = await mkdtemp(join(tmpdir(), "writ-"));
    try {
      const file = join(folder, "decisions.jsonl");
      let lost = 0;
      const sink = fileDecisionSink(file, (count) => (lost += count), 100);
      const line = `${"x".repeat(39)}\n`;
      expect([sink.write(line), sink.write(line), sink.write(line)]).toEqual([true, true, false]);
      await sink.close();
      expect(sink.write(line)).toBe(true);
      await sink.close();
      expect(await readFile(file, "utf8")).toBe(line.repeat(3));
      await rm(file);
      sink.write(line);
      await sink.close();
      expect(await readFile(file, "utf8")).toBe(line);
      expect(lost).toBe(0);
      const broken = fileDecisionSink(folder, (count) => (lost += count));
      broken.write(line);
      await broken.close();
      expect(lost).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("security events", () => {
  const directory = () => ({
    issuerNamed: () => "idp",
    identityNamed: (_issuer: string, subject: string) => (subject === "robot" ? "ci-runner" : undefined),
    tokenLifetime: 3600,
  });
  const disabled = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
  const push = (url: string, token: string, type = "application/secevent+jwt") =>
    fetch(`${url}/v1/events`, { method: "POST", headers: { "content-type": type }, body: token });
  const eventOf = (sub: string) =>
    eventTokenOf({ events: { [disabled]: { subject: { format: "iss_sub", iss: "https://idp.example.com", sub } } } });

  test("revoke as their transmitter may, once, and are answered as RFC 8935 has it", async () => {
    await using server = await start({ directory });
    const token = eventOf("robot");
    for (let times = 0; times < 2; times++) {
      const response = await push(server.adminUrl, token);
      expect([response.status, await response.text()]).toEqual([202, ""]);
    }
    expect(server.publisher.asked).toEqual([["revoke", [{ path: ["identities", "ci-runner"] }], "account-disabled"]]);
    expect(JSON.parse(server.lines.at(-1)!)).toMatchObject({ route: "/v1/events", caller: "idp", status: 202 });
    expect((await push(server.adminUrl, eventOf("somebody else"))).status).toBe(202);
    expect(server.publisher.asked).toHaveLength(1);
  });

  test("that are none are refused in its words, and nothing is revoked", async () => {
    await using server = await start({ directory });
    const forged = `${eventOf("robot").slice(0, -4)}AAAA`;
    const response = await push(server.adminUrl, forged);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "event-refused", err: "authentication_failed" });
    const access = await push(server.adminUrl, tokenOf("soc"));
    expect(await access.json()).toMatchObject({ err: "invalid_request" });
    expect((await push(server.adminUrl, eventOf("robot"), "application/json")).status).toBe(415);
    expect((await push(server.adminUrl, "x".repeat(100_000))).status).toBe(413);
    expect(server.publisher.asked).toEqual([]);
    expect(server.publisher.refusals.map(([, code]) => code)).toEqual([
      "event-refused",
      "event-refused",
      "content-type-wrong",
      "body-too-large",
    ]);
  });

  test("are not taken where nobody knows whom they are about", async () => {
    await using server = await start();
    expect((await push(server.adminUrl, eventOf("robot"))).status).toBe(404);
  });
});
