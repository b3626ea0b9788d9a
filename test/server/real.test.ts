/** The server in front of the real publisher: what is promised over HTTP is on disk, in the log and in the head. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pollQuery, readPollAnswer } from "../../src/protocol/index.ts";
import { type Served, serve } from "../../src/server/index.ts";
import { FolderStore } from "../../src/store/index.ts";
import { TrustClient } from "../../src/trust/index.ts";
import { nothingHeld, World, type WorldOptions } from "../publish/harness.ts";
import { bearer, callersOf, change, gatewayToken, refusalIn, tokenOf } from "./start.ts";

const headers = bearer(gatewayToken("edge-1"));
const revocation = { entries: [{ path: ["identities", "auditor"] }], reason: "its key leaked" };

interface Running extends Served {
  readonly world: World;
  readonly lines: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

async function run(options: WorldOptions = {}): Promise<Running> {
  const world = await World.open(options);
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const served = await serve(world.publisher, await callersOf(), { now: world.clock.now, log });
  const stop = async () => {
    await served.close();
    await world.close();
  };
  return { ...served, world, lines, [Symbol.asyncDispose]: stop };
}

/** Byte for byte what gateways are given. */
async function headOf({ publisher }: World): Promise<string> {
  return Buffer.from((await publisher.metadata("timestamp.json"))!).toString("hex");
}

async function versionsOf({
  adminUrl,
}: Running): Promise<{ readonly version: number; readonly audit: { size: number } }> {
  return (await fetch(`${adminUrl}/v1/head`, { headers: bearer(tokenOf("oscar")) })).json() as never;
}

test("a poll brings what any client of TUF can fetch by itself, file by file", async () => {
  await using running = await run();
  const { gatewayUrl, world } = running;
  const response = await fetch(`${gatewayUrl}/v1/poll?${pollQuery(nothingHeld)}`, { headers });
  const answer = readPollAnswer(new Uint8Array(await response.arrayBuffer()));
  const kept = new Map<string, Uint8Array>();
  const client = await TrustClient.open({
    root: world.trust.roots[0]!,
    now: world.clock.now,
    source: async (name) => {
      const fetched = await fetch(`${gatewayUrl}/metadata/${name}`, { headers });
      return fetched.status === 404 ? undefined : new Uint8Array(await fetched.arrayBuffer());
    },
    store: {
      read: async (name) => kept.get(name),
      write: async (name, bytes) => void kept.set(name, bytes),
      remove: async (name) => void kept.delete(name),
    },
  });
  await client.refresh();
  const { timestamp, targets } = client.current!;
  expect(timestamp.signed.version).toBeGreaterThan(0);
  expect([...answer.keys()]).toContain("timestamp.json");
  const [path, { hashes }] = [
    ...(targets.signed.targets as ReadonlyMap<string, { hashes: ReadonlyMap<string, string> }>),
  ].find(([name]) => name === "policy/stable.tar.gz")!;
  const digest = hashes.get("sha256")!;
  const at = path.replace("policy/", `policy/${digest}.`);
  for (const place of [`/targets/${at}`, `/blobs/${digest}`]) {
    const bytes = Buffer.from(await (await fetch(gatewayUrl + place, { headers })).arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(digest);
  }
});

test("a revocation that is answered is in the head that comes next", async () => {
  await using running = await run();
  const { adminUrl, gatewayUrl, world } = running;
  const held = world.held(await current(world), { policy: 1 });
  const asked = fetch(`${gatewayUrl}/v1/poll?${pollQuery(held)}`, { headers: { ...headers, prefer: "wait=30" } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const accepted = (await (await change(`${adminUrl}/v1/revocations`, "soc", revocation)).json()) as {
    version: number;
    sequence: number;
  };
  const response = await asked;
  expect(response.status).toBe(200);
  const answer = readPollAnswer(new Uint8Array(await response.arrayBuffer()));
  const timestamp = JSON.parse(Buffer.from(answer.get("timestamp.json")!).toString());
  expect(timestamp.signed.version).toBeGreaterThanOrEqual(accepted.version);
  expect([...answer.keys()].some((name) => name.startsWith("blobs/"))).toBe(true);
  const reach = `${adminUrl}/v1/revocations/${accepted.sequence}/reach`;
  const before = await (await fetch(reach, { headers: bearer(tokenOf("soc")) })).json();
  expect(before).toMatchObject({ sequence: accepted.sequence, complete: false });
  const listed = await (await fetch(`${adminUrl}/v1/revocations`, { headers: bearer(tokenOf("soc")) })).json();
  expect(listed).toMatchObject({ revocations: [{ path: ["identities", "auditor"], sequence: accepted.sequence }] });
});

describe("refused, and nothing has changed", () => {
  const digest = "c".repeat(64);
  const refused: readonly (readonly [
    id: string,
    status: number,
    code: string,
    name: string,
    path: string,
    body: unknown,
  ])[] = [
    ["P01", 401, "api-unauthenticated", "nobody", "/v1/revocations", revocation],
    ["P05", 403, "api-forbidden", "oscar", "/v1/revocations", revocation],
    ["P08", 422, "request-malformed", "oscar", "/v1/recall", { sequence: 1, floor: 0, reason: "so" }],
    [
      "P12",
      422,
      "request-malformed",
      "soc",
      "/v1/revocations",
      { entries: [...revocation.entries, { path: ["keys", "a\nb"] }], reason: "so" },
    ],
    [
      "P12",
      413,
      "body-too-large",
      "soc",
      "/v1/revocations",
      { entries: Array.from({ length: 1000 }, () => ({ path: ["keys", "k".repeat(100)] })), reason: "so" },
    ],
    ["P15", 403, "cross-origin", "soc", "/v1/revocations", revocation],
    ["P19", 409, "bundle-not-uploaded", "ci", "/v1/candidates", { digest, provenance: {}, authors: [] }],
  ];
  test.each(refused)(
    "%s %i %s by %s at %s: audited, no token text in any log",
    async (id, status, code, name, path, body) => {
      await using running = await run();
      const { world, adminUrl } = running;
      const token = tokenOf(name);
      const before = [await headOf(world), world.publisher.revocations(), world.store.head.records];
      const origin = { ...(id === "P15" && { origin: "https://elsewhere.example.com" }) };
      const response = await change(adminUrl + path, name, body, { ...bearer(token), ...origin });
      expect(await refusalIn(response)).toEqual([status, code]);
      expect([await headOf(world), world.publisher.revocations(), world.store.head.records]).toEqual(before);
      // The next good one works, and brings what was refused into the log, with who asked.
      expect((await change(`${adminUrl}/v1/revocations`, "soc", revocation)).status).toBe(200);
      const log = await until(async () => {
        const audit = await fetch(`${adminUrl}/v1/audit?since=0&limit=1000`, { headers: bearer(tokenOf("audrey")) });
        const text = await audit.text();
        return text.includes(`"code":"${code}"`) ? text : undefined;
      });
      const line = log.split("\n").find((each) => each.includes(`"code":"${code}"`))!;
      expect(JSON.parse(line)).toMatchObject({ kind: "refuse", body: { action: `POST ${path}`, code } });
      if (id !== "P15") expect(line).toContain(`"subject":"${name}"`);
      for (const text of [log, running.lines.join("")])
        for (const part of token.split(".").slice(1)) expect(text).not.toContain(part);
    },
  );

  test("P06 one key for two bodies, also after a restart", async () => {
    await using running = await run();
    const ask = (url: string, reason: string) =>
      change(`${url}/v1/revocations`, "soc", { ...revocation, reason }, { "idempotency-key": "the-same" });
    const [first, second] = await Promise.all([ask(running.adminUrl, "so"), ask(running.adminUrl, "so")]);
    const { sequence } = (await first.json()) as { sequence: number };
    expect(await second.json()).toMatchObject({ sequence });
    expect(await refusalIn(await ask(running.adminUrl, "otherwise"))).toEqual([409, "idempotency-conflict"]);
    expect(running.world.publisher.revocations()).toHaveLength(1);
    await running.world.restart();
    const again = await serve(running.world.publisher, await callersOf(), { now: running.world.clock.now });
    expect(await (await ask(again.adminUrl, "so")).json()).toMatchObject({ sequence });
    expect(await refusalIn(await ask(again.adminUrl, "otherwise"))).toEqual([409, "idempotency-conflict"]);
    await again.close();
  });

  test("P07 a head that was not looked at, and two releases at once", async () => {
    await using running = await run();
    const { adminUrl, world } = running;
    const [one, two] = [await world.candidate({ sequence: 2 }), await world.candidate({ sequence: 3 })];
    const { version } = await versionsOf(running);
    const release = (digest: string, tag: number) =>
      change(`${adminUrl}/v1/releases`, "oscar", { digest, ring: "canary" }, { "if-match": `"${tag}"` });
    const before = await headOf(world);
    expect(await refusalIn(await release(one, 1))).toEqual([412, "head-moved"]);
    expect(await headOf(world)).toBe(before);
    const statuses = (await Promise.all([release(one, version), release(two, version)])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412 || status === 409)).toHaveLength(1);
  });
});

test("P14 a link that somebody put into the store leads nowhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "writ-"));
  try {
    const store = await FolderStore.open(join(folder, "store"));
    const secret = join(folder, "secret");
    await writeFile(secret, "the text of a secret");
    await using running = await run({ store });
    const digest = createHash("sha256").update("the text of a secret").digest("hex");
    const blobs = join(folder, "store", "blobs");
    const there = await readdir(blobs);
    expect(there.length).toBeGreaterThan(0);
    await symlink(secret, join(blobs, digest));
    for (const path of [`/blobs/${digest}`, `/targets/policy/${digest}.stable.tar.gz`, `/metadata/${digest}`]) {
      const response = await fetch(running.gatewayUrl + path, { headers });
      expect(await refusalIn(response)).toEqual([404, "not-found"]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the view is as the description of the API has it, and the server is ready", async () => {
  await using running = await run();
  await change(`${running.adminUrl}/v1/revocations`, "soc", revocation);
  await running.world.candidate({ sequence: 2 });
  expect(await (await fetch(`${running.gatewayUrl}/ready`)).json()).toEqual({ ready: true, problems: [] });
  const view = await (await fetch(`${running.adminUrl}/v1/view`, { headers: bearer(tokenOf("audrey")) })).json();
  const api = (await (await fetch(`${running.adminUrl}/openapi.json`)).json()) as never;
  expect(unlike(view, schemaOf(api))).toEqual([]);
  expect(Object.keys(view as object)).toContain("restorations");
});

test("OPA gets its bundles, and is held by its tag", async () => {
  await using running = await run();
  for (const resource of ["policy", "revocations", "discovery"]) {
    const url = `${running.gatewayUrl}/opa/bundles/${resource}.tar.gz`;
    const response = await fetch(url, { headers });
    expect([resource, response.status]).toEqual([resource, 200]);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    const tag = response.headers.get("etag")!;
    if (resource === "revocations") continue;
    const again = await fetch(url, { headers: { ...headers, "if-none-match": tag } });
    expect([again.status, again.headers.get("etag")]).toEqual([304, tag]);
  }
});

async function current(world: World) {
  const client = await world.client();
  await client.refresh();
  return client.current;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return expect.unreachable("it did not come to that");
}

interface ObjectSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly required?: readonly string[];
  readonly items?: ObjectSchema;
}

function schemaOf(api: {
  paths: Record<string, { get: { responses: Record<string, { content: Record<string, { schema: ObjectSchema }> }> } }>;
}) {
  return api.paths["/v1/view"]!.get.responses["200"]!.content["application/json"]!.schema;
}

/** Members that are not described, and described ones that are missing. */
function unlike(value: unknown, schema: ObjectSchema, place = "view"): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => unlike(item, schema.items ?? {}, `${place}.${index}`));
  if (typeof value !== "object" || value === null || !schema.properties) return [];
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${place}.${name} is missing`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, member]) => {
      const described = schema.properties?.[name];
      return described ? unlike(member, described, `${place}.${name}`) : [`${place}.${name} is not described`];
    }),
  ];
}
