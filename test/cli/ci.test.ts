/** `writ ci` in repositories of Git: one summary, one exit code, and a comment in every case. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healthPolicy, newRepository, type Repository, repositoryIn } from "./repository.ts";
import { codesIn } from "./run.ts";

let repository: Repository;
const read = (name: string, from = repository) => readFileSync(join(from.folder, name), "utf8");
const steps = (text: string) =>
  Object.fromEntries(text.split("\n").flatMap((line) => (/^(\w+) +(\w+) /.exec(line) ? [line.split(/ +/, 2)] : [])));

beforeAll(async () => {
  repository = newRepository();
  repository.write({ "policies/health.policy.ts": healthPolicy("GET /healthz") });
  await repository.writ("build", "policies");
  repository.commit("first");
  repository.git("switch", "-qc", "feature");
  repository.write({ "policies/health.policy.ts": healthPolicy("GET /healthz", "GET /metrics") });
  await repository.writ("build", "policies");
  repository.commit("metrics");
  // What others do meanwhile is no part of the change.
  repository.git("switch", "-q", "main");
  repository.write({ "policies/other.policy.ts": healthPolicy("GET /other").replaceAll("health", "other") });
  await repository.writ("build", "policies");
  repository.commit("other");
  repository.git("switch", "-q", "feature");
});
afterAll(() => repository.remove());

test("checks, tests, holds the reviewable text to the policies, and compares with where it parted", async () => {
  const files = ["--comment", "out/comment.md", "--sarif", "out/writ.sarif", "--matrix", "out/matrix.html"];
  const ran = await repository.writ("ci", "policies", "--base", "main", ...files);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  const base = repository.git("merge-base", "main", "HEAD").slice(0, 12);
  expect(ran.stdout).toBe(`check  fine  1 policy files, 0 examples: nothing is wrong
test   fine  0 examples, 0 wrong
build  fine  \`bundles\` is what the policies compile to
diff   fine  1 gain, 3 other reasons of refusals; nothing else changes for 0 identities and 2 operations since ${base}
`);
  const comment = read("out/comment.md");
  expect(comment).toMatch(/^<!-- writ diff -->\n\*\*1 gain/);
  expect(comment).toContain("`GET health.example.com/metrics`");
  expect(comment).not.toContain("other.example.com");
  expect(comment).toContain("<br>build: `bundles` is what the policies compile to");
  expect(comment.split("\n").length).toBeLessThan(60);
  const sarif = JSON.parse(read("out/writ.sarif"));
  expect(sarif.runs[0].results[0]).toMatchObject({
    ruleId: "WRIT4210",
    locations: [{ physicalLocation: { artifactLocation: { uri: "policies/health.policy.ts" } } }],
  });
  expect(read("out/matrix.html")).toMatch(/^<!doctype html>/);
  expect(read("out/matrix.html")).toContain("what changes");
  const again = await repository.writ("ci", "policies", "--base", "main", "--comment", "out/again.md");
  expect([again.exit, read("out/again.md")]).toEqual([0, comment]);
});

test("fails for what it is told to fail for, unless that was approved", async () => {
  const failing = await repository.writ("ci", "--base", "main", "--fail-on", "gain");
  expect([failing.exit, codesIn(failing.stderr), steps(failing.stdout).diff]).toEqual([1, ["WRIT4210"], "findings"]);
  const change = /name ([0-9a-f]{64}) in/.exec(failing.stderr)?.[1];
  repository.write({ "approved.json": JSON.stringify({ approved: [{ change, by: ["a"], reason: "b" }] }) });
  const approved = await repository.writ("ci", "--base", "main", "--fail-on", "gain", "--allow", "approved.json");
  expect(approved.exit).toBe(0);
});

test("finds stale text, and says so beside what changes", async () => {
  const text = read("bundles/policy.rego");
  repository.write({ "bundles/policy.rego": `${text}# by hand\n` });
  const ran = await repository.writ("ci", "--base", "main", "--comment", "c.md");
  repository.write({ "bundles/policy.rego": text });
  expect([ran.exit, codesIn(ran.stderr), steps(ran.stdout)]).toEqual([
    1,
    ["WRIT5087"],
    { check: "fine", test: "fine", build: "findings", diff: "fine" },
  ]);
  expect(read("c.md")).toContain("<br>build: **wrong**");
});

describe("what can't be compared is said in the comment too", () => {
  test("policies with errors", async () => {
    const good = read("policies/health.policy.ts");
    repository.write({ "policies/health.policy.ts": "grant(`|<script>;\n" });
    const ran = await repository.writ("ci", "--base", "main", "--comment", "c.md", "--sarif", "s.json");
    repository.write({ "policies/health.policy.ts": good });
    expect([ran.exit, steps(ran.stdout)]).toEqual([
      1,
      { check: "findings", test: "skipped", build: "skipped", diff: "skipped" },
    ]);
    const comment = read("c.md");
    expect(comment).toMatch(/^<!-- writ diff -->\n\*\*What this changes is not known\.\*\*\n<br>check: \*\*wrong\*\*/);
    expect(comment).not.toContain("<script>");
    expect(JSON.parse(read("s.json")).runs[0].results.length).toBeGreaterThan(0);
  });

  test("a base that nobody knows", async () => {
    const ran = await repository.writ("ci", "--base", "nowhere", "--comment", "c.md");
    expect([ran.exit, codesIn(ran.stderr), steps(ran.stdout).diff]).toEqual([2, ["WRIT4204"], "failed"]);
    expect(read("c.md")).toContain("diff: **failed**");
  });

  test("a shallow clone, with what to do", async () => {
    const clone = repositoryIn(mkdtempSync(join(tmpdir(), "writ-shallow-")));
    clone.git("clone", "-q", "--depth", "1", "--no-single-branch", "-b", "feature", `file://${repository.folder}`, ".");
    const ran = await clone.writ("ci", "--base", "origin/main", "--comment", "c.md", "--matrix", "m.html");
    expect([ran.exit, codesIn(ran.stderr), steps(ran.stdout).diff]).toEqual([2, ["WRIT4206"], "failed"]);
    expect(ran.stderr).toContain("this clone is shallow");
    expect(ran.stderr).toContain("fetch-depth: 0");
    expect(read("c.md", clone)).toContain("shallow");
    expect(existsSync(join(clone.folder, "m.html"))).toBe(true);
    clone.git("fetch", "-q", "--unshallow");
    const whole = await clone.writ("ci", "--base", "origin/main");
    expect(whole.exit).toBe(0);
    clone.remove();
  });

  test("histories that have nothing in common", async () => {
    repository.git("switch", "-q", "--orphan", "apart");
    repository.write({ "policies/health.policy.ts": healthPolicy("GET /healthz") });
    repository.commit("apart");
    const ran = await repository.writ("ci", "--base", "main");
    repository.git("switch", "-q", "feature");
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([2, ["WRIT4206"]]);
  });
});

test("of an estate without reviewable text does not ask for it; the first policies are all new", async () => {
  const fresh = newRepository();
  fresh.write({ "README.md": "nothing yet" });
  fresh.commit("first");
  fresh.git("branch", "base");
  fresh.write({ "policies/health.policy.ts": healthPolicy("GET /healthz") });
  fresh.commit("policies");
  const ran = await fresh.writ("ci", "--base", "base");
  expect([ran.exit, steps(ran.stdout).build]).toEqual([0, "skipped"]);
  expect(ran.stderr).toContain("nothing is declared there");
  expect(ran.stdout).toContain("1 gain");
  fresh.remove();
});
