/** `writ diff`: what is compared, how it is shown, and for what it fails. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { estate } from "../../src/cli/init.ts";
import { emit } from "../../src/compile.ts";
import type { Model } from "../../src/model/index.ts";
import { type MapFile, mapHost } from "./map-host.ts";
import { again, codesIn, type Ran, writ } from "./run.ts";

const policy = (...operations: readonly string[]) => `import { api } from "writ";

export const health = api("health.example.com", { operations: { ${operations.map((name) => `"${name}": "public"`).join(", ")} } });
`;
const before = policy("GET /healthz");
const after = policy("GET /healthz", "GET /metrics");
const two = { "old/health.policy.ts": before, "policies/health.policy.ts": after };

const json = async (line: string, files: Readonly<Record<string, MapFile>>) => {
  const ran = await writ(`${line} --format json`, files);
  return { ...ran, value: JSON.parse(ran.stdout) as Value };
};
interface Value {
  readonly digest: string;
  readonly before: { readonly name: string; readonly model: string };
  readonly after: { readonly name: string; readonly model: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly changes: readonly {
    readonly kind: string;
    readonly digest: string;
    readonly sentence: string;
    readonly places?: object;
    readonly witness: { readonly input: object; readonly before: object; readonly after: object };
  }[];
}

describe("two folders", () => {
  test("in text: gains first, each with its outcome, its cause and a request", async () => {
    const { exit, stdout, stderr } = await writ("diff old", two);
    expect([exit, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(
      "1 gain, 3 other reasons of refusals; nothing else changes for 0 identities and 2 operations",
    );
    expect(lines.slice(2, 5)).toEqual([
      "gain     anybody gains `GET health.example.com/metrics`",
      "         was refused as `credential-missing`",
      "         because of `api health` (policies/health.policy.ts:3)",
    ]);
    expect(lines[6]).toMatch(
      /^ {9}such as \{"time":\d+,"request":\{"host":"health.example.com","method":"GET","path":"\/metrics"\}\}$/,
    );
  });

  test("in JSON: counts, digests, sentences, places and witnesses that decide so", async () => {
    const { exit, value } = await json("diff old policies", two);
    expect(exit).toBe(0);
    expect(value.counts).toEqual({ gain: 1, loss: 0, headers: 0, until: 0, reason: 3 });
    const [gain] = value.changes;
    expect(gain).toMatchObject({ kind: "gain", sentence: "anybody gains `GET health.example.com/metrics`" });
    expect(gain!.places).toEqual({ "api health": { path: "health.policy.ts", line: 3, side: "after" } });
    expect([gain!.witness.before, gain!.witness.after]).toMatchObject([{ allow: false }, { allow: true }]);
  });

  test("that mean the same have no difference, whatever their text, names of files and order", async () => {
    const renamed = `import { api as a } from "writ";\n// moved\nexport const health = a("health.example.com", {
  operations: { "GET /metrics": "public", "GET /healthz": "public" } });\n`;
    const { exit, value, stdout } = await json("diff old --fail-on any", {
      "old/other-name.policy.ts": after,
      "policies/sub/health.policy.ts": renamed.replace(" as a", "").replace("= a(", "= api("),
    });
    expect([exit, value.changes]).toEqual([0, []]);
    expect(value.before.model).toBe(value.after.model);
    expect(stdout).toContain("nothing changes: every request");
  });

  test("the other way round lose what they gained", async () => {
    const { value } = await json("diff policies old", two);
    expect(value.changes[0]).toMatchObject({
      kind: "loss",
      sentence: "anybody loses `GET health.example.com/metrics`",
    });
  });

  test.each([
    ["markdown", /^<!-- writ diff -->\n\*\*1 gain/],
    ["html", /^<!doctype html>/],
    ["sarif", /"ruleId": "WRIT4210"/],
  ])("in %s, and into a file", async (format, expected) => {
    const printed = await writ(`diff old --format ${format}`, two);
    expect(printed.stdout).toMatch(expected);
    const written = await writ(`diff old --format ${format} --out out/file`, two);
    expect(written.stdout).toBe("");
    expect(written.host.files.get("/here/out/file")).toBe(printed.stdout);
  });

  test("have no colour in a file, and none where nobody looks", async () => {
    const looked = await writ("diff old", two, { terminal: true });
    expect(looked.stdout).toContain("\u001b[1;31m");
    const filed = await writ("diff old --out d.txt", two, { terminal: true });
    expect(String(filed.host.files.get("/here/d.txt"))).not.toContain("\u001b");
  });

  test("with errors are not compared", async () => {
    const { exit, stdout, stderr } = await writ("diff old", {
      ...two,
      "policies/bad.policy.ts": "grant(;\n",
    });
    expect([exit, stdout]).toEqual([2, ""]);
    expect(codesIn(stderr).length).toBeGreaterThan(0);
    expect(stderr).toContain("policies/bad.policy.ts:1");
  });
});

describe("failing", () => {
  const exitOf = async (words: string, files: Readonly<Record<string, MapFile>> = two): Promise<Ran> =>
    writ(`diff old ${words}`.trim(), files);

  test.each([
    ["", 0, []],
    ["--fail-on gain", 1, ["WRIT4210"]],
    ["--fail-on loss", 0, []],
    ["--fail-on loss,gain", 1, ["WRIT4210"]],
    ["--fail-on loss --fail-on gain", 1, ["WRIT4210"]],
    ["--fail-on any", 1, ["WRIT4210", "WRIT4214", "WRIT4214", "WRIT4214"]],
    ["--fail-on headers,until", 0, []],
  ])("with %j exits %i", async (words, exit, codes) => {
    const ran = await exitOf(words);
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([exit, codes]);
    // What changes is said in any case.
    expect(ran.stdout).toContain("1 gain");
  });

  test("shows the declaration, and how it is approved", async () => {
    const { stderr } = await exitOf("--fail-on gain");
    expect(stderr).toContain("policies/health.policy.ts:3:1\n    3 | export const health");
    expect(stderr).toMatch(/name [0-9a-f]{64} in the file of `--allow`/);
  });

  test("does not fail for what was approved, and does for an approval of nothing", async () => {
    const { value } = await json("diff old", two);
    const [gain, ...reasons] = value.changes.map(({ digest }) => ({ change: digest, by: ["a"], reason: "b" }));
    const allow = (approved: readonly object[]) => ({ ...two, "approved.json": JSON.stringify({ approved }) });
    const approved = await exitOf("--fail-on gain --allow approved.json", allow([gain!]));
    expect([approved.exit, approved.stderr]).toEqual([0, ""]);
    expect(approved.stdout).toContain("approved by a: b");
    const partly = await exitOf("--fail-on any --allow approved.json", allow([gain!]));
    expect([partly.exit, codesIn(partly.stderr)]).toEqual([1, ["WRIT4214", "WRIT4214", "WRIT4214"]]);
    const wholly = await exitOf("--fail-on any --allow approved.json", allow([gain!, ...reasons]));
    expect(wholly.exit).toBe(0);
    const stale = await exitOf("--allow approved.json", allow([{ ...gain, change: "0".repeat(64) }]));
    expect([stale.exit, codesIn(stale.stderr)]).toEqual([1, ["WRIT4202"]]);
    const malformed = await exitOf("--allow approved.json", allow([{ ...gain, expires: "2027" }]));
    expect([malformed.exit, malformed.stdout, codesIn(malformed.stderr)]).toEqual([2, "", ["WRIT4203"]]);
    const missing = await exitOf("--allow nowhere.json");
    expect([missing.exit, codesIn(missing.stderr)]).toEqual([2, ["WRIT5083"]]);
  });

  test("takes no approval of one list for that of another, whatever they share", async () => {
    const listing = (
      ...lists: readonly (readonly string[])[]
    ) => `import { api, grant, identity, issuer, scopes, tier } from "writ";
export const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "60m" } });
export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { region: "string", seats: "integer" } });
export const packer = identity({ tier: workload, issuer: corp, subject: "packer", owner: "shop@example.com" });
export const sorter = identity({ tier: workload, issuer: corp, subject: "sorter", owner: "shop@example.com" });
export const orders = scopes("orders", ["ship"]);
export const shop = api("orders.example.com", { operations: { "POST /v1/shipments": orders.ship } });
${lists
  .map((list, index) => {
    const to = ["packer", "sorter"][index];
    const when = `["a", "b", "c", "d", "e", "f", ${list}].includes(r.claims.region) && [1, 2, 3, 4, 5, 6, ${list.length}7].includes(r.claims.seats)`;
    return `export const ${to}Ships = grant({ to: ${to}, scopes: [orders.ship], when: (r) => ${when} });\n`;
  })
  .join("")}`;
    const files = { "old/a.policy.ts": listing(), "policies/a.policy.ts": listing(['"g"']) };
    const [approved] = (await json("diff old", files)).value.changes;
    const allow = JSON.stringify({ approved: [{ change: approved!.digest, by: ["a"], reason: "b" }] });
    const ran = (...list: readonly string[]) =>
      exitOf("--fail-on gain --allow approved.json", {
        ...files,
        "policies/a.policy.ts": listing(list),
        "approved.json": allow,
      });
    expect((await ran('"g"')).exit).toBe(0);
    expect(codesIn((await ran('"admin"')).stderr)).toEqual(["WRIT4210", "WRIT4202"]);
    expect(codesIn((await ran('"g"', '"h"')).stderr)).toEqual(["WRIT4210", "WRIT4202"]);
    const apart = { ...files, "policies/a.policy.ts": listing(['"g"'], ['"admin"']) };
    expect((await json("diff old", apart)).value.counts.gain).toBe(2);
  });

  describe("takes no approval for a change of which the words are the same", () => {
    const granting = `import { api, grant, identity, issuer, scopes, tier } from "writ";
export const workload = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "60m" } });
export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: {} });
export const packer = identity({ tier: workload, issuer: corp, subject: "packer", owner: "shop@example.com" });
export const orders = scopes("orders", ["read", "write"]);
export const shop = api("orders.example.com", { operations: { "GET /v1/orders": orders.read } });
export const reads = grant({ to: packer, scopes: [orders.read] });
`;
    const files = (now: string) => ({
      "old/a.policy.ts": granting.replace(/export const reads.*\n/, ""),
      "policies/a.policy.ts": now,
    });
    const gainIn = async (now: string) =>
      (await json("diff old", files(now))).value.changes.find(({ kind }) => kind === "gain")!;

    test.each([
      [
        "a tier that takes bearer tokens",
        '["mtls"], tokenLifetime: {',
        '["mtls", "bearer"], tokenLifetime: { bearer: "5m",',
      ],
      ["tokens that last longer", '"60m"', '"12h"'],
      ["scopes of somebody else", "claims: {}", 'claims: {}, translate: { All: ["orders:read"] }'],
      ["other keys of the issuer", "claims: {}", 'claims: {}, keys: "https://evil.example/jwks.json"'],
      ["a scope that brings it along", '"write"]', '"write"], { implies: { write: ["read"] } }'],
      ["another header for the upstream", "{ operations", '{ headers: { "x-role": "admin" }, operations'],
    ])("with %s", async (_, from, to) => {
      const now = granting.replace(from, to);
      expect(now).not.toBe(granting);
      const [approved, other] = [await gainIn(granting), await gainIn(now)];
      expect(other.sentence).toBe(approved.sentence);
      expect(other.digest).not.toBe(approved.digest);
    });

    test("though not where the declaration has moved", async () => {
      const [first = "", ...lines] = granting.trimEnd().split("\n");
      const moved = `${first}\n// Moved.\n${lines.slice(0, -1).join("\n\n")}\n\n/** Read. */\n${lines.at(-1)}\n`;
      expect((await gainIn(moved)).digest).toBe((await gainIn(granting)).digest);
    });
  });

  test("knows no other kinds", async () => {
    const { exit, stderr } = await exitOf("--fail-on gains");
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT5088"]]);
    expect(stderr).toContain("gain, loss, headers, until, reason");
  });
});

describe("a bundle", () => {
  const init = Object.fromEntries(Object.entries(estate).map(([name, text]) => [`policies/${name}`, text]));

  test("is compared by what it holds, once it is verified", async () => {
    const { host } = await writ("keys new writ", init);
    await again("build --sign writ.key.json --sequence 7 --issued 2026-01-01 --out old.tar.gz", host);
    const same = await again("diff old.tar.gz --keys writ.keys.json --format json", host);
    const { before: old, after: now, changes } = JSON.parse(same.stdout) as Value;
    expect([same.exit, same.stderr, changes]).toEqual([0, "", []]);
    expect(old.model).toBe(now.model);
    host.files.set("/here/policies/health.policy.ts", before);
    const other = await again("diff old.tar.gz --keys writ.keys.json --fail-on gain", host);
    expect(other.exit).toBe(1);
    expect(other.stdout).not.toContain("identity acme");
    expect(other.stdout).toContain("anybody gains `GET health.example.com/healthz`");
    const without = await again("diff old.tar.gz", host);
    expect([without.exit, codesIn(without.stderr)]).toEqual([2, ["WRIT5088"]]);
    await again("keys new other", host);
    const foreign = await again("diff old.tar.gz --keys other.keys.json", host);
    expect([foreign.exit, foreign.stdout]).toEqual([2, ""]);
  });
});

describe("witnesses", () => {
  const answers = (decisions: readonly object[]) => (program: string, words: readonly string[]) =>
    program !== "opa" || words[0] === "version"
      ? program === "opa"
        ? { exitCode: 0, stdout: "", stderr: "" }
        : ("missing" as const)
      : { exitCode: 0, stdout: JSON.stringify({ ...decisions }), stderr: "" };

  test("that an OPA decides otherwise are shown to nobody", async () => {
    const lies = Array.from({ length: 4 }, () => ({ allow: true, reason: "granted" }));
    const { exit, stdout, stderr } = await writ("diff old --format html --out d.html", two, {
      runChild: answers(lies),
    });
    expect([exit, stdout, codesIn(stderr)]).toEqual([2, "", ["WRIT4201"]]);
    expect(stderr).toContain("policy.rego of `old`");
  });

  test("that a bundle's module decides otherwise than its model are shown to nobody", async () => {
    const { compareSides } = await import("../../src/cli/diff.ts");
    const { readFolder } = await import("../../src/cli/sides.ts");
    const host = mapHost(two);
    const [old, now] = [readFolder(host, "old")!, readFolder(host, "policies")!];
    const broken = { ...old, artefacts: () => emit(now.model as Model).artefacts };
    expect(() => compareSides(host, broken, now)).toThrow(/policy.wasm of `old` decides otherwise/);
    expect(compareSides(host, old, now).changes).toHaveLength(4);
  });
});

describe("what is not there", () => {
  test.each([
    ["nowhere", "WRIT4204"],
    ["-x", undefined],
    ["old ", "WRIT4204"],
    ["https://publisher.example.com", "WRIT5088"],
    ["http://publisher.example.com --root root.json", "WRIT5088"],
    ["https://publisher.example.com --root root.json", "WRIT5083"],
  ])("%s is said to be", async (words, code) => {
    const { exit, stdout, stderr } = await writ(`diff ${words}`, two);
    expect([exit, stdout]).toEqual([2, ""]);
    if (code) expect(codesIn(stderr)).toEqual([code]);
  });
});

test("an approver's difference is sent by its digest, where it is of the candidate and of what is in force", async () => {
  const { value, stdout: text } = await json("diff old", two);
  const candidate = "c".repeat(64);
  const view = (old: string, now: string) => ({
    candidates: [{ digest: candidate, revision: `8-${now.slice(0, 16)}` }],
    inForce: { stable: { digest: "d", revision: `7-${old.slice(0, 16)}` } },
  });
  const sent: { url: string; body: string }[] = [];
  const approve = (file: string, shown: object) =>
    writ(
      `approve ${candidate} --shown diff.json --url https://publisher.example.com`,
      { "diff.json": file },
      {
        send: async ({ url, body }) => {
          if (body) sent.push({ url: new URL(url).pathname, body: new TextDecoder().decode(body) });
          const answer = body ? { sequence: 812, version: 41 } : shown;
          return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) };
        },
      },
    );
  const good = await approve(text, view(value.before.model, value.after.model));
  expect([good.exit, good.stderr]).toEqual([0, ""]);
  expect(sent).toEqual([{ url: "/v1/approvals", body: JSON.stringify({ digest: candidate, shown: value.digest }) }]);
  expect(good.stdout).toContain(`having read ${value.digest}`);
  const x = "e".repeat(64);
  for (const [file, shown, words] of [
    [text, view(value.before.model, x), "other policies than the candidate's"],
    [text, view(x, value.after.model), "in force in no ring"],
    [text.replace("metrics", "healthz"), view(value.before.model, value.after.model), "its digest is another"],
  ] as const) {
    const ran = await approve(file, shown);
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([2, ["WRIT4207"]]);
    expect(ran.stderr).toContain(words);
  }
  expect(sent).toHaveLength(1);
  // What people read is known by its bytes, as before.
  await approve("gains nothing", {});
  const digest = createHash("sha256").update("gains nothing").digest("hex");
  expect(sent.at(-1)!.body).toBe(JSON.stringify({ digest: candidate, shown: digest }));
});
