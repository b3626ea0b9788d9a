/** What commands ask of a publisher, and what people see of its answers. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { HostRequest, HostResponse } from "../../src/cli/host.ts";
import { codesIn, writ } from "./run.ts";

const environment = { WRIT_PUBLISHER: "https://publisher.example.com/", WRIT_TOKEN: "t0ken" };

/** A publisher that answers by path, and remembers what it was asked. */
function publisher(answers: Readonly<Record<string, unknown>>) {
  const asked: (HostRequest & { readonly text: string })[] = [];
  const send = async (request: HostRequest): Promise<HostResponse> => {
    asked.push({ ...request, text: new TextDecoder().decode(request.body) });
    const path = new URL(request.url).pathname;
    const found = answers[path];
    const answer = Array.isArray(found) ? found.shift() : found;
    const body = new TextEncoder().encode(JSON.stringify(answer ?? { number: "WRIT8401", message: "no such place" }));
    return { status: answer === undefined ? 404 : 200, headers: {}, body };
  };
  return { asked, options: { environment, send } };
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const done = { version: 41, sequence: 812 };
const complete = { sequence: 812, live: 3, enforced: 3, missing: [], silent: [], complete: true };

describe("writ revoke", () => {
  test("sends entries, who asks, and a key by which the call is known again", async () => {
    const { asked, options } = publisher({ "/v1/revocations": done });
    const ran = await writ(["revoke", "identity", "payments", "packer", "--reason", "stolen"], {}, options);
    expect(ran.exit).toBe(0);
    expect(ran.stdout).toBe("revoked: identity payments packer\nchange 812, head 41\n");
    expect(asked).toMatchObject([
      {
        method: "POST",
        url: "https://publisher.example.com/v1/revocations",
        headers: { authorization: "Bearer t0ken", "idempotency-key": "random-1" },
      },
    ]);
    expect(JSON.parse(asked[0]!.text)).toEqual({
      entries: [{ path: ["identities", "payments"] }, { path: ["identities", "packer"] }],
      reason: "stolen",
    });
  });

  test("knows a token by its issuer and jti, and has to be told when it ends by itself", async () => {
    const { asked, options } = publisher({ "/v1/revocations": done });
    await writ(["revoke", "token", "corp", "t-1", "t-2", "--expires", "2026-11-25", "--reason", "x"], {}, options);
    expect(JSON.parse(asked[0]!.text).entries).toEqual([
      { path: ["tokens", "corp", "t-1"], value: 1795564800 },
      { path: ["tokens", "corp", "t-2"], value: 1795564800 },
    ]);
    for (const wrong of [
      "token corp t-1",
      "token corp --expires 2026-11-25",
      "identity a --expires 2026-11-25",
      "identity a --time 2026-11-25",
    ]) {
      const ran = await writ(["revoke", ...wrong.split(" "), "--reason", "x"], {}, options);
      expect([wrong, ran.exit, codesIn(ran.stderr)]).toEqual([wrong, 2, ["WRIT5088"]]);
    }
    expect(asked).toHaveLength(1);
  });

  test("with --wait says who enforces it, and names those that do not", async () => {
    const partly = { ...complete, enforced: 1, missing: ["edge-2"], silent: ["edge-9"], complete: false };
    const all = publisher({ "/v1/revocations": done, "/v1/revocations/812/reach": complete });
    const enforced = await writ(["revoke", "owner", "shop@example.com", "--reason", "x", "--wait"], {}, all.options);
    expect(enforced.exit).toBe(0);
    expect(enforced.stdout).toContain("enforced by 3 of 3 live gateways, after 0 ms");
    expect(all.asked[1]?.headers.prefer).toBe("wait=30");
    const some = publisher({ "/v1/revocations": done, "/v1/revocations/812/reach": partly });
    const ran = await writ(["revoke", "owner", "a", "--reason", "x", "--wait", "5s"], {}, some.options);
    expect(ran.exit).toBe(1);
    expect(ran.stdout).toContain("enforced by 1 of 3 live gateways");
    expect(ran.stdout).toContain("  not yet: edge-2\n");
    expect(ran.stdout).toContain("edge-9");
  });

  test("tells how to ask again when nobody answered, and then sends the same key", async () => {
    const ran = await writ(["revoke", "tier", "partner", "--reason", "x"], {}, { environment });
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([2, ["WRIT5094"]]);
    expect(ran.stderr).toContain("to ask again: --retry random-1\n");
    const { asked, options } = publisher({ "/v1/revocations": done });
    await writ(["revoke", "tier", "partner", "--reason", "x", "--retry", "random-1"], {}, options);
    expect(asked[0]?.headers["idempotency-key"]).toBe("random-1");
  });
});

test("a change of policy says which head it has seen, and a restoration names who has to approve it", async () => {
  const { asked, options } = publisher({
    "/v1/head": { version: 40 },
    "/v1/releases": done,
    "/v1/halt": done,
    "/v1/restorations": { ...done, digest: "d".repeat(64) },
  });
  await writ(`release ${"a".repeat(64)} --ring stable`, {}, options);
  await writ(["halt", "--reason", "denials rise"], {}, options);
  expect(asked.map(({ url, headers }) => [new URL(url).pathname, headers["if-match"]])).toEqual([
    ["/v1/head", undefined],
    ["/v1/releases", '"40"'],
    ["/v1/head", undefined],
    ["/v1/halt", '"40"'],
  ]);
  expect(JSON.parse(asked[1]!.text)).toEqual({ digest: "a".repeat(64), ring: "stable" });
  const restored = await writ(["restore", "identity", "payments", "--reason", "key replaced"], {}, options);
  expect(restored.stdout).toContain(`writ approve ${"d".repeat(64)}`);
  const token = await writ(["restore", "token", "corp", "t-1", "--reason", "x"], {}, options);
  expect(codesIn(token.stderr)).toEqual(["WRIT5088"]);
});

test("a candidate is uploaded under its digest, with its statement and its authors; an approval names what was read", async () => {
  const files = { "bundle.tar.gz": "bytes", "provenance.json": '{"payload": "x"}', "diff.md": "gains nothing" };
  const name = digest("bytes");
  const { asked, options } = publisher({
    [`/v1/bundles/${name}`]: {},
    "/v1/candidates": done,
    "/v1/approvals": done,
  });
  await writ("submit bundle.tar.gz --provenance provenance.json --author alice bob", files, options);
  await writ(`approve ${name} --shown diff.md`, files, options);
  expect(asked.map(({ method, url }) => [method, new URL(url).pathname])).toEqual([
    ["PUT", `/v1/bundles/${name}`],
    ["POST", "/v1/candidates"],
    ["POST", "/v1/approvals"],
  ]);
  expect(asked[0]!.text).toBe("bytes");
  expect(JSON.parse(asked[1]!.text)).toEqual({ digest: name, provenance: { payload: "x" }, authors: ["alice", "bob"] });
  expect(JSON.parse(asked[2]!.text)).toEqual({ digest: name, shown: digest("gains nothing") });
});

test("refusals are shown as the publisher words them, and what is no publisher is not believed", async () => {
  const answering = (status: number, body: unknown) => async (): Promise<HostResponse> => ({
    status,
    headers: {},
    body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
  });
  const refusal = { code: "approval-self", number: "WRIT8301", message: "\u001b[31mnobody approves what is their own" };
  const ask = (send: () => Promise<HostResponse>) => writ("status", {}, { environment, send });
  const refused = await ask(answering(403, refusal));
  expect([refused.exit, codesIn(refused.stderr)]).toEqual([2, ["WRIT5096"]]);
  expect(refused.stderr).toContain("WRIT8301");
  expect(refused.stderr).not.toContain("\u001b[31m");
  for (const [status, body] of [
    [200, "<html>"],
    [502, "bad"],
    [403, { message: "x" }],
    [200, "[]"],
  ] as const) {
    expect(codesIn((await ask(answering(status, body))).stderr)).toEqual(["WRIT5095"]);
  }
});

test("a token is sent to nobody in the clear, but on this machine", async () => {
  const { asked, options } = publisher({ "/v1/halt": done, "/v1/head": { version: 40 } });
  for (const [url, exit] of [
    ["http://publisher.example.com", 2],
    ["ftp://127.0.0.1", 2],
    ["", 2],
    ["http://127.0.0.1:8182", 0],
  ] as const)
    expect([url, (await writ(["halt", "--reason", "x", "--url", url], {}, options)).exit]).toEqual([url, exit]);
  expect(asked.every(({ url }) => url.startsWith("http://127.0.0.1:8182/"))).toBe(true);
});
