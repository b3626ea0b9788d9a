/** The command as a real process: files on a disk, pipes that close, signals of nothing but exit codes. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { opa, withOpa } from "../opa.ts";
import { codesIn } from "./run.ts";

const main = resolve(import.meta.dirname, "../../src/cli/main.ts");
const flags = ["--conditions=writ-source", main];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-cli-"));
  expect(writ("init", "policies").status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writ(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...flags, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, ...(process.env.WRIT_OPA && { WRIT_OPA: process.env.WRIT_OPA }) },
  });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test("checks, builds, signs and verifies on a disk", () => {
  expect(writ("check")).toMatchObject({ status: 0, stderr: "" });
  expect(writ("keys", "new", "writ").status).toBe(0);
  expect(statSync(join(folder, "writ.key.json")).mode & 0o077).toBe(0);
  expect(writ("build", "--sign", "writ.key.json", "--out", "bundle.tar.gz")).toMatchObject({ status: 0, stderr: "" });
  expect(writ("verify", "bundle.tar.gz", "--keys", "writ.keys.json").status).toBe(0);
  expect(writ("build", "--check").status).toBe(0);
  expect(readFileSync(join(folder, "bundles/policy.rego"), "utf8")).toMatch(/^package writ$/m);
});

test("a symbolic link out of the folder is refused, for a policy, a folder and a data file; one inside is fine", () => {
  put("outside/secret.policy.ts", "not to be seen\n");
  put("outside/rows.json", '["not to be seen"]\n');
  put("linked/tiers.policy.ts", readFileSync(join(folder, "policies/tiers.policy.ts"), "utf8"));
  put("linked/.data/more.json", "[]\n");
  symlinkSync("../outside/secret.policy.ts", join(folder, "linked/a.policy.ts"));
  symlinkSync("../outside", join(folder, "linked/b"));
  symlinkSync(".data/more.json", join(folder, "linked/more.json"));
  symlinkSync("../outside/rows.json", join(folder, "linked/rows.json"));
  put(
    "linked/rows.policy.ts",
    'import { registry } from "writ";\n\nexport const more = registry("./more.json");\nexport const rows = registry("./rows.json");\n',
  );
  const { status, stdout } = writ("check", "linked");
  expect([status, codesIn(stdout).filter((code) => code !== "WRIT3030")]).toEqual([
    1,
    ["WRIT5082", "WRIT5082", "WRIT5082"],
  ]);
  expect(stdout).not.toContain("not to be seen");
});

test("a file that may not be read, and a pipe, are named and not waited for", () => {
  put("odd/a.policy.ts", "");
  chmodSync(join(folder, "odd/a.policy.ts"), 0o000);
  spawnSync("mkfifo", [join(folder, "odd/b.policy.ts")]);
  const { status, stdout } = writ("check", "odd");
  expect(status).toBe(1);
  // Whoever may read everything (root) reads the first one too, and finds it empty.
  expect(codesIn(stdout).at(-1)).toBe("WRIT5083");
});

test("a reader that goes away ends the command quietly", async () => {
  const child = spawn(process.execPath, [...flags, "explain", "WRIT5080"], { cwd: folder });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const status = await new Promise((done) => child.on("close", done));
  expect([status, complaint]).toEqual([0, ""]);
});

test("an operational error is one sentence with a code on standard error, and exit code 2", () => {
  const { status, stdout, stderr } = writ("check", "nowhere");
  expect([status, stdout, codesIn(stderr)]).toEqual([2, "", ["WRIT5080"]]);
  expect(stderr).not.toContain("    at ");
});

test.skipIf(opa === undefined)(withOpa("stock OPA decides the examples as the reference does, and one request"), () => {
  const { status, stdout } = writ("test");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^the partner reads +granted +✓ +✓ +✓$/m);
  expect(stdout).toContain("5 examples, 0 wrong\n");
  put(
    "up.json",
    JSON.stringify({ time: 1_767_225_600, request: { host: "orders.example.com", method: "GET", path: "/healthz" } }),
  );
  const [byRego, byReference] = ["rego", "reference"].map((backend) =>
    writ("eval", "up.json", "--backend", backend, "--format", "json"),
  );
  expect(JSON.parse(byRego?.stdout ?? "")).toEqual(JSON.parse(byReference?.stdout ?? ""));
  expect(JSON.parse(byRego?.stdout ?? "")).toMatchObject({ allow: true });
});

test("says so where Node is too old", () => {
  const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})';
  const { status, stderr } = spawnSync(process.execPath, ["--import", older, ...flags, "check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "error: writ needs Node 22.18 or later, and this is 20.20.2\n",
  });
});

test("what `init` writes is what an editor accepts", () => {
  const root = resolve(import.meta.dirname, "../..");
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/writ"), "junction");
  const tsc = [join(root, "node_modules/typescript/bin/tsc"), "-p", "policies", "--customConditions", "writ-source"];
  const { status, stdout } = spawnSync(process.execPath, tsc, { cwd: folder, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});
