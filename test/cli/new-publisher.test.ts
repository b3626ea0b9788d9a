/** A publisher to begin with: what is written fits together, and can be read by everything that reads it later. */
import { describe, expect, test } from "vitest";
import { authenticate, readCallers } from "../../src/callers/index.ts";
import { readPublisherConfig } from "../../src/cli/publisher-config.ts";
import { mapHost } from "./map-host.ts";
import { again, codesIn, writ } from "./run.ts";

const bytes = (file: unknown) => (typeof file === "string" ? new TextEncoder().encode(file) : (file as Uint8Array));

describe("writ publisher new", async () => {
  const { host, exit, stdout } = await writ("publisher new publisher --gateway edge-1 --admin-port 9000");
  const file = (path: string) => host.files.get(`/here/publisher/${path}`);

  test("writes a file that sets a publisher up, and says what to do next", async () => {
    expect(exit).toBe(0);
    expect(stdout).toContain("writ serve publisher/publisher.json");
    const config = readPublisherConfig(host, "publisher/publisher.json");
    expect(config.admin).toEqual({ host: "127.0.0.1", port: 9000 });
    for (const path of [config.callers, config.bundleKeys, config.bundleSigner, ...config.provenance.keys])
      expect(host.read(path, 1e6)).toBeInstanceOf(Uint8Array);
  });

  test("knows its gateway by the token that lies beside it, and nobody by another", async () => {
    const callers = await readCallers(bytes(file("callers.json")));
    const token = new TextDecoder().decode(bytes(file("tokens/edge-1.token"))).trim();
    const now = host.time();
    const caller = await authenticate(callers, { authorization: [`Bearer ${token}`] }, { now });
    expect([caller.name, [...caller.roles], caller.ring]).toEqual(["edge-1", ["gateway"], "stable"]);
    const other = authenticate(callers, { authorization: [`Bearer ${token}x`] }, { now });
    await expect(other).rejects.toMatchObject({ code: "WRIT8201" });
  });

  test("makes tokens for its people, each good for its hour", async () => {
    const callers = await readCallers(bytes(file("callers.json")));
    const token = (await again("publisher token alice publisher", host)).stdout.trim();
    const ask = (now: number) => authenticate(callers, { authorization: [`Bearer ${token}`] }, { now });
    expect(await ask(host.time())).toMatchObject({ name: "alice", person: "alice" });
    await expect(ask(host.time() + 3600)).rejects.toMatchObject({ code: "WRIT8201" });
  });

  test("shows whom gateways follow, and the key of its log", async () => {
    const shown = await again("trust show publisher/trust --origin estate.invalid --format json", host);
    const { root, roles, log } = JSON.parse(shown.stdout);
    expect(root).toBe(1);
    expect(
      roles.map((each: { role: string; threshold: number; keys: [] }) => [each.role, each.threshold, each.keys.length]),
    ).toEqual([
      ["root", 2, 3],
      ["timestamp", 1, 1],
      ["snapshot", 1, 1],
      ["targets", 1, 1],
      ["revocations", 1, 1],
    ]);
    expect(log).toMatch(/^estate\.invalid\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/);
    const text = await again("trust show publisher/trust", host);
    expect(text.stdout).toContain("root         2 of 3");
    expect(text.stdout).not.toContain("audit log");
  });

  test("overwrites nothing", async () => {
    const before = new Map(host.files);
    const ran = await again("publisher new publisher", host);
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([2, ["WRIT5085"]]);
    expect(host.files).toEqual(before);
  });
});

test("a gateway that can't be named leaves no half of a folder behind", async () => {
  const { host, exit, stderr } = await writ(["publisher", "new", "publisher", "--gateway", "edge 1"]);
  expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT8204"]]);
  expect(host.files.size).toBe(0);
});

test("a file of a publisher is read as a whole: what is misspelt, missing or of another shape is named", async () => {
  const { host } = await writ("publisher new publisher");
  const good = JSON.parse(new TextDecoder().decode(bytes(host.files.get("/here/publisher/publisher.json"))));
  const wrong: readonly (readonly [string, unknown])[] = [
    ["openpage", { ...good, openpage: true }],
    ["store", { ...good, store: undefined }],
    ["admin.port", { ...good, admin: { host: "127.0.0.1", port: 70_000 } }],
    ["address", { ...good, address: "policies.example.com" }],
    ["provenance.threshold", { ...good, provenance: { ...good.provenance, threshold: 2 } }],
    ["provenance.sources.0.workflow", { ...good, provenance: { ...good.provenance, sources: [{ repository: "x" }] } }],
    ["tls.key", { ...good, tls: { certificate: "cert.pem" } }],
    ["rollout.minutes", { ...good, rollout: { minutes: -1 } }],
    ["limits.polls", { ...good, limits: { polls: "many" } }],
    ["limits.poll", { ...good, limits: { poll: 1 } }],
    ["openPage", { ...good, openPage: "yes" }],
    ["the file", []],
  ];
  for (const [place, file] of wrong) {
    const read = () => readPublisherConfig(mapHost({ "p.json": JSON.stringify(file) }), "p.json");
    expect(read, place).toThrow(
      expect.objectContaining({ code: "WRIT5097", parameters: expect.objectContaining({ place }) }),
    );
  }
});
