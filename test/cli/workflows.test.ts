/** The workflows that are ready to copy: they parse, ask for nothing that they do not need, name commands as they are, and do what they say. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { commands } from "../../src/cli/program.ts";
import { mapHost } from "./map-host.ts";
import { healthPolicy, newRepository, type Repository, repositoryIn } from "./repository.ts";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = resolve(import.meta.dirname, "../..");
const text = (path: string) => readFileSync(join(root, ".github", path), "utf8");
const review = parse(text("workflows/writ.yml")) as Workflow;
const comment = parse(text("workflows/writ-comment.yml")) as Workflow;
const gitlab = parse(text("gitlab-ci.yml")) as { writ: { script: string[]; variables: Record<string, string> } };
const jobs = [review.jobs.review!, comment.jobs.comment!];
const steps = jobs.flatMap((job) => job.steps);
const scripts = [...steps.flatMap(({ run }) => run ?? []), ...gitlab.writ.script];

describe("the workflows", () => {
  test("pin each action by the digest of a commit, with the version for people", () => {
    const used = [...`${text("workflows/writ.yml")}${text("workflows/writ-comment.yml")}`.matchAll(/uses: (.*)/g)];
    expect(used.length).toBeGreaterThanOrEqual(5);
    for (const [, action] of used)
      expect(action).toMatch(/^[\w-]+\/[\w-]+(?:\/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("give a stranger's run no secret and nothing to write, and run nothing of a stranger where there is something", () => {
    expect([review.permissions, comment.permissions]).toEqual([{}, {}]);
    expect(Object.keys(review.on)).toEqual(["pull_request"]);
    expect(review.jobs.review!.permissions).toEqual({ contents: "read" });
    expect(text("workflows/writ.yml")).not.toMatch(/secrets|github\.token|pull_request_target/);
    // Begun by GitHub, and again when the branch is another that it is to become part of: no run of a stranger decides whether.
    expect(comment.on).toEqual({ pull_request_target: { types: ["opened", "synchronize", "reopened", "edited"] } });
    expect(comment.jobs.comment!.permissions).toEqual({
      contents: "read",
      "pull-requests": "write",
      "security-events": "write",
    });
    // No artefact of the other run, and no checkout of what it ran.
    expect(text("workflows/writ-comment.yml")).not.toMatch(
      /download-artifact|secrets\.|git (?:checkout|switch|merge |pull)/,
    );
    const checkouts = jobs.map((job) =>
      job.steps.flatMap((s) => (s.uses?.startsWith("actions/checkout") ? [s.with] : [])),
    );
    const whole = { "fetch-depth": 0, "persist-credentials": false };
    expect(checkouts).toEqual([[whole], [{ ...whole, ref: "${{ github.event.repository.default_branch }}" }]]);
  });

  test("put no value of a stranger into a script", () => {
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  test("name commands and options that there are", () => {
    const lines = scripts
      .flatMap((script) => script.replaceAll("\\\n", " ").split(/\n|;|&&|\|\|/))
      .flatMap((line) => /npx (writ .*)$/.exec(line.replace(/^\s*if /, "").trim())?.[1] ?? []);
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) {
      const program = commands(mapHost({}), () => undefined);
      let called = "";
      for (const command of program.commands)
        command.action(() => {
          called = command.name();
        });
      const words = line
        .split(" ")
        .slice(1)
        .filter((word) => word !== "then");
      program.parse(words, { from: "user" });
      expect(called).toBe(words[0]);
    }
  });

  test("clone the whole history", () => {
    expect(gitlab.writ.variables.GIT_DEPTH).toBe("0");
  });
});

/** Programs that stand for services: `npx writ` is ours, `npm` has nothing to do, `gh` notes what it is asked and answers. */
function programs(folder: string, answers: Readonly<Record<string, string>>): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const put = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\nset -e\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  put("npm", "exit 0");
  put(
    "npx",
    `[ "$1" = writ ] && shift\nexec "${process.execPath}" --conditions=writ-source "${root}/src/cli/main.ts" "$@"`,
  );
  const cases = Object.entries(answers).map(([words, answer]) => `  *"${words}"*) printf '%s\\n' '${answer}' ;;`);
  put("gh", `echo "$*" >> "${folder}/gh.log"\ncase "$*" in\n${cases.join("\n")}\nesac`);
  return bin;
}

/** As a runner does: bash that ends with the first error, values in the environment. */
function runStep(script: string, cwd: string, bin: string, env: Readonly<Record<string, string>>) {
  const path = `${bin}:${process.env.PATH}`;
  const ran = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env, PATH: path, NO_COLOR: "1" },
  });
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr };
}

describe("their scripts, run by bash", () => {
  let origin: Repository;
  let clone: Repository;
  let outside: string;
  let base: string;
  let head: string;

  beforeAll(async () => {
    origin = newRepository();
    origin.write({
      "policies/health.policy.ts": healthPolicy("GET /healthz"),
      ".gitignore": "*.md\n*.sarif\n*.html\nwrit/\n",
    });
    base = origin.commit("first");
    origin.git("switch", "-qc", "feature");
    origin.write({ "policies/health.policy.ts": healthPolicy("GET /healthz", "GET /metrics") });
    head = origin.commit("metrics");
    origin.git("update-ref", "refs/pull/7/head", head);
    origin.git("switch", "-q", "main");
    outside = mkdtempSync(join(tmpdir(), "writ-runner-"));
    clone = repositoryIn(mkdtempSync(join(tmpdir(), "writ-clone-")));
    clone.git("clone", "-q", `file://${origin.folder}`, ".");
  });
  afterAll(() => {
    origin.remove();
    clone.remove();
  });

  const scriptOf = (job: Job, name: string) => job.steps.find((step) => step.name === name)!.run!;

  test("the review says what changes, and shows it on the page of the run", () => {
    const bin = programs(mkdtempSync(join(outside, "a-")), {});
    clone.git("switch", "-q", "--detach", head);
    for (const name of ["Install", "Review", "Show it here too"]) {
      const env = { BASE: base, GITHUB_STEP_SUMMARY: join(outside, "summary.md") };
      const ran = runStep(scriptOf(review.jobs.review!, name), clone.folder, bin, env);
      expect([name, ran.status, ran.stderr]).toEqual([name, 0, ran.stderr]);
    }
    expect(readFileSync(join(outside, "summary.md"), "utf8")).toContain("anybody");
    for (const name of ["comment.md", "writ.sarif", "matrix.html"])
      expect(existsSync(join(clone.folder, name))).toBe(true);
    clone.git("switch", "-q", "main");
  });

  test("the comment is made from the objects of Git, and written into the one that is there", () => {
    const folder = mkdtempSync(join(outside, "b-"));
    const asked = () => readFileSync(join(folder, "gh.log"), "utf8");
    const bin = programs(folder, { "issues/7/comments --jq": "4711" });
    const env = { REPOSITORY: "o/r", HEAD_SHA: head, GH_TOKEN: "t", NUMBER: "7", BASE: base };
    const job = comment.jobs.comment!;
    const compared = runStep(scriptOf(job, "Compare"), clone.folder, bin, env);
    expect([compared.status, compared.stderr]).toEqual([0, compared.stderr]);
    const made = readFileSync(join(clone.folder, "comment.md"), "utf8");
    expect(made).toMatch(/^<!-- writ diff -->\n\*\*1 gain/);
    expect(made).toContain(head);
    expect(JSON.parse(readFileSync(join(clone.folder, "writ.sarif"), "utf8")).runs).toHaveLength(1);
    expect(clone.git("rev-parse", "HEAD")).toBe(base);
    const written = runStep(scriptOf(job, "Write the comment"), clone.folder, bin, env);
    expect(written.status).toBe(0);
    expect(asked().trim().split("\n").at(-1)).toBe(
      "api --silent --method PATCH repos/o/r/issues/comments/4711 -F body=@comment.md",
    );
  });

  test.each([
    ["policies with errors", false],
    ["a history that has nothing in common", true],
  ])("of %s the comment says that it is not known what changes, and no older one is left standing", (name, orphan) => {
    const folder = mkdtempSync(join(outside, "c-"));
    const bin = programs(folder, {});
    const job = comment.jobs.comment!;
    origin.git("switch", "-q", ...(orphan ? ["--orphan", "apart"] : ["feature"]));
    origin.write({ "policies/health.policy.ts": orphan ? healthPolicy("GET /healthz") : "grant(;\n" });
    const pushed = origin.commit(name);
    origin.git("update-ref", "refs/pull/8/head", pushed);
    origin.git("switch", "-q", "main");
    const env = { REPOSITORY: "o/r", HEAD_SHA: pushed, GH_TOKEN: "t", NUMBER: "8", BASE: base };
    expect(runStep(scriptOf(job, "Compare"), clone.folder, bin, env).status).not.toBe(0);
    const made = readFileSync(join(clone.folder, "comment.md"), "utf8");
    expect(made).toMatch(/^<!-- writ diff -->\n\*\*What this changes is not known/);
    expect(made).toContain(pushed);
    const step = job.steps.find((item) => item.name === "Write the comment")!;
    expect(step.if).toBe("${{ !cancelled() && steps.compare.outcome != 'skipped' }}");
    expect(runStep(step.run!, clone.folder, bin, env).status).toBe(0);
    expect(readFileSync(join(folder, "gh.log"), "utf8")).toContain(
      "api --silent --method POST repos/o/r/issues/8/comments -F body=@comment.md",
    );
  });

  test("the job of GitLab leaves its artefacts", () => {
    const bin = programs(mkdtempSync(join(outside, "d-")), {});
    clone.git("switch", "-q", "--detach", head);
    const ran = runStep(gitlab.writ.script.join("\n"), clone.folder, bin, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect([ran.status, ran.stderr]).toEqual([0, ran.stderr]);
    for (const name of ["changes.html", "comment.md", "writ.sarif", "matrix.html"])
      expect(existsSync(join(clone.folder, "writ", name))).toBe(true);
  });
});
