/** Each command with good and bad input: what it prints where, and how it exits. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readKeys, verify } from "../../src/bundle/index.ts";
import { estate } from "../../src/cli/init.ts";
import { commands } from "../../src/cli/program.ts";
import { version } from "../../src/cli/version.ts";
import type { Vectors } from "../../src/vectors/index.ts";
import { type MapHost, mapHost } from "./map-host.ts";
import { again, codesIn, writ } from "./run.ts";

const policies = Object.fromEntries(Object.entries(estate).map(([name, text]) => [`policies/${name}`, text]));
const request = JSON.stringify({
  time: 1_767_225_600,
  peer: { spiffe: "spiffe://example.org/ns/shop/sa/checkout" },
  request: { host: "orders.example.com", method: "POST", path: "/v1/tenants/t1/orders" },
});
const publicRequest = JSON.stringify({
  time: 1_767_225_600,
  request: { host: "orders.example.com", method: "GET", path: "/healthz" },
});

/** One world in which a key was made and a bundle was signed; tests only read it. */
let released: MapHost;
beforeAll(async () => {
  released = (await writ("keys new writ", { ...policies, "request.json": request, "public.json": publicRequest })).host;
  const built = await again(
    "build --sign writ.key.json --sequence 7 --issued 2026-01-01 --expires 30d --out out/b.tar.gz",
    released,
  );
  expect([built.exit, built.stderr]).toEqual([0, ""]);
});

describe("every command", () => {
  const all = commands(mapHost({}), () => undefined).commands.flatMap((command) =>
    command.commands.length > 0 ? command.commands.map((sub) => `${command.name()} ${sub.name()}`) : [command.name()],
  );

  test.each(all)("%s --help shows examples of itself and exits 0", async (name) => {
    const { exit, stdout, stderr } = await writ(`${name} --help`);
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Examples:\n");
    expect(stdout).toMatch(new RegExp(`\\$ writ ${name}\\b`));
  });

  test.each(all)("%s refuses an option that it does not have and exits 2", async (name) => {
    const { exit, stdout, stderr } = await writ(`${name} --no-such-option`);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/unknown option '--no-such-option'|required option/);
  });

  test("an unknown command is answered with the nearest one", async () => {
    const { exit, stderr } = await writ("chekc");
    expect(exit).toBe(2);
    expect(stderr).toContain("Did you mean check?");
  });

  test("the version is that of the package", async () => {
    const { version: packaged } = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"));
    expect(version).toBe(packaged);
    expect((await writ("--version")).stdout).toBe(`${packaged}\n`);
  });

  test("a bug says that it is one, and shows no stack trace unless asked", async () => {
    const broken = {
      ...mapHost(policies),
      entries: (): never => {
        throw new TypeError("oops");
      },
    } as MapHost;
    const first = await again("check", broken);
    expect([first.exit, first.stderr.split("\n")[0]]).toEqual([2, "this is a bug in Writ: oops"]);
    expect(first.stderr).not.toContain("    at ");
    const asked = await again("check", { ...broken, environment: { WRIT_DEBUG: "1" } });
    expect(asked.stderr).toContain("    at ");
  });
});

describe("init", () => {
  test("writes an estate that checks without a word, tests and builds", async () => {
    const { exit, host, stdout } = await writ("init policies");
    expect(exit).toBe(0);
    expect(stdout).toContain("policies/orders.policy.ts\n");
    const checked = await again("check policies", host);
    expect([checked.exit, checked.stdout]).toEqual([0, "3 policy files, 5 examples: nothing is wrong\n"]);
    expect((await again("test policies", host)).exit).toBe(0);
    expect((await again("build policies", host)).exit).toBe(0);
  });

  test("refuses a folder that has something in it, and a file", async () => {
    const { exit, stderr, host } = await writ("init policies", { "policies/notes.txt": "" });
    expect([exit, codesIn(stderr), host.files.size]).toEqual([2, ["WRIT5085"], 1]);
    expect(codesIn((await writ("init notes.txt", { "notes.txt": "" })).stderr)).toEqual(["WRIT5085"]);
  });
});

const wrong = {
  "policies/orders.policy.ts": 'import { scopes } from "writ";\n\nexport const orders = scopes("orders", reads);\n',
};

describe("check", () => {
  test("shows what is wrong on standard output and exits 1", async () => {
    const { exit, stdout, stderr } = await writ("check", wrong);
    expect([exit, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("  policies/orders.policy.ts:3:40\n    3 | export const orders = scopes(");
    expect(stdout).not.toContain("\u001b");
  });

  test("colours for a terminal, unless NO_COLOR is set", async () => {
    expect((await writ("check", wrong, { terminal: true })).stdout).toContain("\u001b[1;31m");
    expect((await writ("check", wrong, { terminal: true, environment: { NO_COLOR: "1" } })).stdout).not.toContain(
      "\u001b",
    );
  });

  test("answers in JSON, SARIF and workflow commands", async () => {
    const json = JSON.parse((await writ("check --format json", wrong)).stdout);
    expect(json.diagnostics[0].span).toMatchObject({
      path: "policies/orders.policy.ts",
      start: { line: 3, column: 40 },
    });
    const sarif = JSON.parse((await writ("check --format sarif", wrong)).stdout);
    const { code } = json.diagnostics[0];
    expect(sarif.runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id)).toContain(code);
    expect(sarif.runs[0].tool.driver.rules[0].help.markdown).toContain("## Wrong");
    expect((await writ("check --format github", wrong)).stdout).toContain(
      `::error file=policies/orders.policy.ts,line=3,endLine=3,col=40,`,
    );
  });

  test("says nothing in the formats for programs when nothing is wrong", async () => {
    expect(JSON.parse((await writ("check --format json", policies)).stdout)).toEqual({ diagnostics: [] });
    expect((await writ("check --format github", policies)).stdout).toBe("");
  });

  test("--fix writes what keeps the meaning, and nothing else", async () => {
    const text = 'import { scopes } from "writ";\n\nexport let orders = scopes("orders", ["read"]);\n';
    const { host, stderr } = await writ("check --fix", { "policies/orders.policy.ts": text });
    expect(new TextDecoder().decode(host.read("/here/policies/orders.policy.ts", 10_000) as Uint8Array)).toBe(
      text.replace("let", "const"),
    );
    expect(stderr).toContain("1 fix in 1 file\n");
  });

  test("--watch checks again when something changed", async () => {
    const { stdout } = await writ("check --watch", policies, { watch: async (_folder, changed) => changed() });
    expect(stdout.match(/nothing is wrong/g)).toHaveLength(2);
  });
});

describe("build", () => {
  test("writes text for review that fails closed, and a signed bundle that verifies", async () => {
    const text = (name: string): string =>
      new TextDecoder().decode(released.read(`/here/bundles/${name}`, 1e7) as Uint8Array);
    expect(
      released
        .entries("/here/bundles")
        ?.map((entry) => entry.name)
        .sort(),
    ).toEqual(expect.arrayContaining([".manifest", "data.json", "model.json", "policy.rego"]));
    expect(JSON.parse(text(".manifest")).metadata).toMatchObject({ sequence: 0, expires: 0 });
    expect(JSON.parse(text("data.json")).writ.policy).toMatchObject({ sequence: 0, notAfter: 0 });
    const { exit, stdout } = await again("verify out/b.tar.gz --keys writ.keys.json", released);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^sequence +7$/m);
    expect(stdout).toMatch(/^expires +2026-01-31T00:00:00Z$/m);
  });

  test("--check is silent about fresh text, and names what is stale", async () => {
    const { host } = await writ("build", policies);
    expect((await again("build --check", host)).exit).toBe(0);
    host.files.set("/here/bundles/policy.rego", "package writ\n");
    host.files.set("/here/bundles/old.rego", "package old\n");
    host.files.delete("/here/bundles/data.json");
    const { exit, stdout } = await again("build --check", host);
    expect([exit, codesIn(stdout)]).toEqual([1, ["WRIT5087", "WRIT5087", "WRIT5087"]]);
    expect(stdout).toContain("`bundles/data.json` is not what the policies compile to: it is not there");
    expect(stdout).toContain(
      "`bundles/policy.rego` is not what the policies compile to: line 1 is `package writ` and would be",
    );
    expect((await again("build", host)).exit).toBe(0);
    expect([host.files.has("/here/bundles/old.rego"), (await again("build --check", host)).exit]).toEqual([false, 0]);
  });

  test("writes nothing when something is wrong", async () => {
    const { exit, stderr, host } = await writ("build", wrong);
    expect([exit, host.files.size]).toEqual([1, 1]);
    expect(codesIn(stderr).length).toBeGreaterThan(0);
  });

  test.each([
    ["--issued yesterday", "--issued"],
    ["--issued 2026-02-30", "--issued"],
    ["--expires 0d", "--expires"],
    ["--issued 2026-01-02 --expires 2026-01-01", "--expires"],
  ])("refuses %s", async (options, named) => {
    const { exit, stderr } = await writ(
      `build --sign writ.key.json ${options}`,
      Object.fromEntries([...released.files]),
    );
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT5088"]]);
    expect(stderr).toContain(`\`${named}\``);
  });

  test("R06 gives the same bundle, up to the signature, wherever and whenever it is built", async () => {
    const files = Object.fromEntries([...released.files].reverse());
    const { host } = await writ(
      "build --sign writ.key.json --sequence 7 --issued 2026-01-01 --expires 30d --out out/c.tar.gz",
      files,
      { time: 5 },
    );
    const shown = async (name: string): Promise<readonly string[]> =>
      JSON.parse((await again(`inspect ${name} --format json`, host)).stdout).files.filter(
        ({ path }: { path: string }) => path !== ".signatures.json",
      );
    expect(await shown("out/c.tar.gz")).toEqual(await shown("out/b.tar.gz"));
  });
});

describe("test", () => {
  test("shows every example, and says what was skipped and why", async () => {
    const { exit, stdout } = await writ("test", policies);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^the partner reads +granted +✓ +– +✓$/m);
    expect(stdout).toContain("5 examples, 0 wrong\nrego skipped: there is no `opa`");
  });

  test.each(["reference", "wasm"])("asks %s alone where it is named", async (backend) => {
    const { exit, stdout } = await writ(`test --backend ${backend}`, policies);
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^example +expected +${backend}\n`));
    expect(stdout).toMatch(/^the partner reads +granted +✓$/m);
    expect(stdout).toContain("5 examples, 0 wrong\n");
  });

  test("asks the module of a verified bundle", async () => {
    const { exit, stdout } = await again("test --bundle out/b.tar.gz --keys writ.keys.json --backend wasm", released);
    expect([exit, stdout.split("\n").at(-2)]).toEqual([0, "5 examples, 0 wrong"]);
  });

  test("exits 1 and says what was decided when an example is wrong", async () => {
    const files = {
      ...policies,
      "policies/orders.policy.ts": (estate["orders.policy.ts"] ?? "").replace('expect: "condition"', 'expect: "allow"'),
    };
    const { exit, stdout, stderr } = await writ("test", files);
    expect([exit, codesIn(stderr)]).toEqual([1, ["WRIT4001"]]);
    expect(stdout).toMatch(/another tenant +granted +✗ reason condition/);
    const json = JSON.parse((await writ("test --format json", files)).stdout);
    expect(json.wrong).toBe(1);
    expect(json.backends[1]).toMatchObject({ backend: "rego", skipped: expect.stringContaining("opa") });
  });
});

describe("vectors", () => {
  const read = (text: string) => JSON.parse(text) as Vectors;

  test("are those of the policy folder, as if it had been released", async () => {
    const { exit, stdout, stderr } = await writ("vectors --count 300", policies);
    expect([exit, stderr]).toEqual([0, ""]);
    const { policy, vectors } = read(stdout);
    expect(vectors).toHaveLength(300);
    expect(policy.notAfter).toBeGreaterThan(250_000_000_000);
    expect(vectors.map((vector) => vector.case)).toContain("the partner reads");
    expect(stdout.split("\n").filter((line) => line.startsWith('    {"case":'))).toHaveLength(300);
  });

  test("are those of a bundle", async () => {
    const { exit, stdout } = await again("vectors --bundle out/b.tar.gz --keys writ.keys.json", released);
    expect(exit).toBe(0);
    const { policy, vectors } = read(stdout);
    expect(policy).toMatchObject({ sequence: 7, notBefore: 1_767_225_600, notAfter: 1_769_817_600 });
    expect(vectors).toHaveLength(1000);
    expect(vectors.every(({ decision }) => decision.revision === policy.revision)).toBe(true);
    expect(vectors.some(({ decision }) => decision.allow)).toBe(true);
  });

  test("are none of policies with errors", async () => {
    const { exit, stdout, stderr } = await writ("vectors", { "policies/a.policy.ts": "export const = 1;" });
    expect([exit, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("WRIT1");
  });
});

describe("eval and why", () => {
  test("decides by the policy folder", async () => {
    const { exit, stdout } = await again("eval public.json", released);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^allowed +granted\n/);
    const json = JSON.parse((await again("eval request.json --format json", released)).stdout);
    expect(json).toMatchObject({ allow: false, reason: "condition", identity: "shop", tier: "workload" });
  });

  test("decides examples by what is in a bundle, and not by what is in the policies", async () => {
    const bundled = "test --bundle out/b.tar.gz --keys writ.keys.json";
    expect((await again(bundled, released)).exit).toBe(0);
    const later = `import { api, example } from "writ";
export const later = api("later.example.com", { operations: { "GET /": "public" } });
example("what came later is public", { by: "nobody", call: "GET later.example.com/", expect: "allow" });
`;
    const files = { ...Object.fromEntries(released.files), "policies/later.policy.ts": later };
    expect((await writ("test", files)).exit).toBe(0);
    const { exit, stdout } = await writ(bundled, files);
    expect(exit).toBe(1);
    expect(stdout).toContain("1 wrong");
    expect(codesIn((await again("test --bundle out/b.tar.gz", released)).stderr)).toEqual(["WRIT5088"]);
  });

  test("decides by a bundle, in force or not", async () => {
    const inForce = await again("eval public.json --bundle out/b.tar.gz --keys writ.keys.json --format json", released);
    expect(JSON.parse(inForce.stdout)).toMatchObject({
      allow: true,
      revision: expect.stringMatching(/^7-[0-9a-f]{16}$/),
    });
    const late = JSON.stringify({ ...JSON.parse(publicRequest), time: 1_900_000_000 });
    const files = { ...Object.fromEntries(released.files), "late.json": late };
    expect((await writ("eval late.json --bundle out/b.tar.gz --keys writ.keys.json", files)).stdout).toMatch(
      /^refused +policy-expired\n/,
    );
  });

  test("takes the request from standard input, and revocations from a file", async () => {
    const files = {
      ...policies,
      "revocations.json": JSON.stringify({ revocations: { at: 1_767_225_600, floor: 0, identities: { shop: 1 } } }),
    };
    const { stdout } = await writ("eval - --revocations revocations.json", files, { standardInput: request });
    expect(stdout).toMatch(/^refused +revoked\n/);
  });

  test("names what is missing: keys, a request, JSON, an `opa`", async () => {
    expect(codesIn((await again("eval public.json --bundle out/b.tar.gz", released)).stderr)).toEqual(["WRIT5088"]);
    expect(codesIn((await again("eval nothing.json", released)).stderr)).toEqual(["WRIT5083"]);
    expect(codesIn((await writ("eval -", policies, { standardInput: "{" })).stderr)).toEqual(["WRIT5091"]);
    expect(codesIn((await again("eval public.json --backend rego", released)).stderr)).toEqual(["WRIT5089"]);
  });

  test.each(["", " --bundle out/b.tar.gz --keys writ.keys.json"])(
    "decides by the module as by the reference%s",
    async (from) => {
      for (const file of ["request.json", "public.json"]) {
        const asked = `eval ${file} --format json${from} --backend`;
        const byReference = JSON.parse((await again(`${asked} reference`, released)).stdout);
        expect(JSON.parse((await again(`${asked} wasm`, released)).stdout)).toEqual(byReference);
      }
    },
  );

  test("why shows the steps and what came near", async () => {
    const { exit, stdout } = await again("why request.json", released);
    expect(exit).toBe(0);
    expect(stdout).toContain("POST orders.example.com/v1/tenants/t1/orders: refused, condition");
    expect(stdout).toContain("grant shopWrites (orders:write)");
    expect(JSON.parse((await again("why request.json --format json", released)).stdout).decision.reason).toBe(
      "condition",
    );
  });
});

describe("show", () => {
  test("prints each stage", async () => {
    expect((await again("show tokens policies/tiers.policy.ts", released)).stdout).toMatch(/^1:1 +Import +import$/m);
    const tree = JSON.parse((await again("show tree policies/tiers.policy.ts", released)).stdout);
    expect(tree.statements[0]).toMatchObject({ kind: "declaration", name: { name: "workload" } });
    for (const path of ["policies", "policies/tiers.policy.ts"])
      expect(JSON.parse((await again(`show model ${path}`, released)).stdout).tiers).toHaveLength(2);
    expect((await again("show rego policies", released)).stdout).toContain("package writ\n");
    expect(Object.keys(JSON.parse((await again("show data policies", released)).stdout))).toEqual(["writ"]);
    expect((await again("show bundle out/b.tar.gz", released)).stdout).toContain("nothing of this is verified");
  });

  test("prints the tables of a folder, a verified bundle and a module, for people and for programs", async () => {
    const ofFolder = (await again("show tables policies", released)).stdout;
    for (const line of [/^tiers$/m, /^ {2}workload +40 /m, /^grants$/m, /^ {2}shopWrites /m])
      expect(ofFolder).toMatch(line);
    const asked = "show tables out/b.tar.gz --keys writ.keys.json";
    const ofBundle = (await again(asked, released)).stdout;
    expect(ofBundle).toMatch(/^ {2}revision +7-/m);
    const read = JSON.parse((await again(`${asked} --format json`, released)).stdout);
    expect(read).toMatchObject({ sequence: 7, notBefore: 1_767_225_600 });
    const { files } = await verify(
      released.files.get("/here/out/b.tar.gz") as Uint8Array,
      await readKeys(released.files.get("/here/writ.keys.json") as Uint8Array),
    );
    const module = { "policy.wasm": files.get("policy.wasm")! };
    expect((await writ("show tables policy.wasm", module)).stdout).toBe(ofBundle);
  });

  test("prints no tables of a bundle that nobody verifies", async () => {
    const { exit, stdout, stderr } = await again("show tables out/b.tar.gz", released);
    expect([exit, stdout, codesIn(stderr)]).toEqual([2, "", ["WRIT5088"]]);
  });

  test("refuses a stage that there is not", async () => {
    expect((await writ("show wasm policies", policies)).exit).toBe(2);
  });
});

describe("explain", () => {
  test("prints the page, by number, bare number or name, and for programs", async () => {
    const { exit, stdout } = await writ("explain WRIT5080");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^# WRIT5080 folder-missing\n/);
    expect((await writ("explain 5080")).stdout).toBe(stdout);
    expect((await writ("explain folder-missing")).stdout).toBe(stdout);
    expect(JSON.parse((await writ("explain writ5080 --format json")).stdout)).toMatchObject({
      code: "WRIT5080",
      page: stdout,
    });
  });

  test("says that there is no such code", async () => {
    const { exit, stderr } = await writ("explain WRIT9999");
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT5093"]]);
  });
});

describe("keys, verify, inspect, opa-config", () => {
  test("a private key is never overwritten", async () => {
    const before = released.files.get("/here/writ.key.json");
    const { exit, stderr } = await again("keys new writ", released);
    expect([exit, codesIn(stderr)]).toEqual([2, ["WRIT5086"]]);
    expect(released.files.get("/here/writ.key.json")).toBe(before);
  });

  test("the public file holds nothing secret, and is shown", async () => {
    const [text] = [released.files.get("/here/writ.keys.json")];
    expect(text).not.toContain('"d"');
    const [key] = JSON.parse((await again("keys show writ.keys.json --format json", released)).stdout).keys;
    expect(key).toMatchObject({ algorithm: "ES256", pem: expect.stringContaining("BEGIN PUBLIC KEY") });
    expect((await again("keys show writ.key.json", released)).exit).toBe(2);
  });

  test("a bundle that was touched, or signed by another, is a finding", async () => {
    const bundle = (released.files.get("/here/out/b.tar.gz") as Uint8Array).slice();
    bundle[bundle.length >> 1] = (bundle[bundle.length >> 1] ?? 0) ^ 1;
    const { host } = await writ("keys new other", { ...Object.fromEntries(released.files), "touched.tar.gz": bundle });
    const touched = await again("verify touched.tar.gz --keys writ.keys.json", host);
    expect([touched.exit, codesIn(touched.stderr)[0]?.startsWith("WRIT7")]).toEqual([1, true]);
    const foreign = await again("verify out/b.tar.gz --keys other.keys.json --format json", host);
    expect([foreign.exit, JSON.parse(foreign.stdout).verified]).toEqual([1, false]);
  });

  test.each([
    ["2025-12-31", "ahead", /^today +not in force yet/m],
    ["2026-01-01", "current", /^today +in force$/m],
    ["2026-01-30", "current", /^today +in force$/m],
    ["2026-01-31", "past", /^today +expired/m],
  ])("on %s a bundle of January is %s", async (day, validity, words) => {
    const line = "verify out/b.tar.gz --keys writ.keys.json";
    const at = { time: Date.parse(day) / 1000 };
    const { exit, stdout } = await writ(line, Object.fromEntries(released.files), at);
    expect(exit).toBe(0);
    expect(stdout).toMatch(words);
    const asked = await writ(`${line} --format json`, Object.fromEntries(released.files), at);
    expect(JSON.parse(asked.stdout)).toMatchObject({ verified: true, validity });
  });

  test("inspect shows the manifest and says that nothing is verified", async () => {
    const { exit, stdout } = await again("inspect out/b.tar.gz", released);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^nothing of this is verified\n/);
    expect(stdout).toContain('"sequence": 7');
    expect(stdout).toMatch(
      /^ {2}engine +\d+ bytes +[0-9a-f]{64}\n {2}tables +\d+ bytes +version 1, revision 7-\w+, sequence 7$/m,
    );
  });

  test("opa-config says what is refused until revocations come", async () => {
    const line = "opa-config --url https://policies.example.com --keys writ.keys.json";
    expect((await again(line, released)).stdout).toMatch(
      /# Until this one .*`revocations-stale`\.\n {2}revocations:\n/,
    );
  });

  test("opa-config pins the key", async () => {
    const { exit, stdout } = await again(
      "opa-config --url https://policies.example.com --keys writ.keys.json",
      released,
    );
    expect(exit).toBe(0);
    expect(stdout).toContain("keyid:");
    const bad = await again(
      "opa-config --url https://policies.example.com --keys writ.keys.json --policy-key other",
      released,
    );
    expect(codesIn(bad.stderr)).toEqual(["WRIT5088"]);
  });
});

test("completions know every command and option", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { exit, stdout } = await writ(`completion ${shell}`);
    expect(exit).toBe(0);
    for (const word of ["opa-config", "explain", "sequence"]) expect(stdout).toContain(word);
  }
});
