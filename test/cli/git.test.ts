/** Policies as commits have them: with nothing checked out, whatever a stranger's commit holds and whatever a name looks like. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healthPolicy, newRepository, type Repository, repositoryIn } from "./repository.ts";
import { codesIn } from "./run.ts";

const registry = `import { issuer, registry, tier } from "writ";

export const workload = tier({ trust: 40, authentication: ["svid"], revocationDelay: "60s" });
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
export const fleet = registry("./data/fleet.csv", { issuer: corp });
`;
const rows = (...names: readonly string[]) =>
  `name,subject,tier,owner\n${names.map((name) => `${name},spiffe://example.org/${name},workload,fleet@example.com\n`).join("")}`;

let repository: Repository;
let first: string;
const changesIn = async (...line: readonly string[]) => {
  const ran = await repository.writ("diff", ...line, "--format", "json");
  expect([line, ran.exit, ran.stderr]).toEqual([line, 0, ran.stderr]);
  return (JSON.parse(ran.stdout) as { changes: { sentence: string }[] }).changes.map(({ sentence }) => sentence);
};

beforeAll(() => {
  repository = newRepository();
  repository.write({ "README.md": "first", "policies/health.policy.ts": healthPolicy("GET /healthz") });
  first = repository.commit("first");
  repository.git("tag", "v1.0");
  repository.write({ "policies/health.policy.ts": healthPolicy("GET /healthz", "GET /readyz") });
  repository.commit("second");
  repository.write({ "policies/health.policy.ts": healthPolicy("GET /healthz", "GET /readyz", "GET /metrics") });
});
afterAll(() => repository.remove());

describe("a commit", () => {
  test("is known by a branch, a tag, a distance, an id", async () => {
    const gains = async (...line: readonly string[]) =>
      (await changesIn(...line)).filter((sentence) => sentence.includes(" gains "));
    expect(await gains("main")).toEqual(["anybody gains `GET health.example.com/metrics`"]);
    for (const name of ["v1.0", "main~1", "HEAD~1", first, first.slice(0, 12), "refs/heads/main~1"])
      expect(await gains(name, "main")).toEqual(["anybody gains `GET health.example.com/readyz`"]);
    expect(await changesIn("main", "HEAD")).toEqual([]);
  });

  test("is read with what it was read from left alone", async () => {
    await changesIn("v1.0");
    expect(repository.git("status", "--porcelain")).toBe("M policies/health.policy.ts");
    expect(repository.git("stash", "list")).toBe("");
  });

  test("shows its own places in what is wrong with it", async () => {
    repository.git("switch", "-qc", "broken");
    repository.write({ "policies/health.policy.ts": "grant(;\n" });
    const broken = repository.commit("broken");
    repository.git("switch", "-q", "main");
    repository.write({ "policies/health.policy.ts": healthPolicy("GET /healthz", "GET /readyz", "GET /metrics") });
    const ran = await repository.writ("diff", "broken");
    expect([ran.exit, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain(`${broken.slice(0, 12)}:policies/health.policy.ts:1:`);
  });

  test("without the folder is one in which everything is new", async () => {
    const ran = await repository.writ("diff", "main", "--policies", "elsewhere");
    expect(ran.exit).toBe(2);
    repository.write({ "elsewhere/health.policy.ts": healthPolicy("GET /healthz") });
    const all = await repository.writ("diff", "main", "--policies", "elsewhere");
    expect(all.exit).toBe(0);
    expect(all.stderr).toBe("writ: `main` has no policies in `elsewhere`: nothing is declared there\n");
    expect(all.stdout).toContain("anybody gains `GET health.example.com/healthz`");
    repository.git("branch", "gone");
    const gone = await repository.writ("diff", "v1.0", "gone", "--policies", "elsewhere", "--format", "markdown");
    expect([gone.exit, gone.stdout, codesIn(gone.stderr)]).toEqual([2, "", ["WRIT5081"]]);
  });
});

describe("a name", () => {
  test.each([
    ["nobody", "WRIT4204"],
    ["main:policies", "WRIT4204"],
    ["main..HEAD", "WRIT4204"],
    ["^main", "WRIT4204"],
    ["main\n", "WRIT4204"],
    ["a b", "WRIT4204"],
    [`${"x".repeat(300)}`, "WRIT4204"],
    [`${first}00000000`, "WRIT4204"],
  ])("%j is none of a commit", async (name, code) => {
    const ran = await repository.writ("diff", name);
    expect([ran.exit, ran.stdout, codesIn(ran.stderr)]).toEqual([2, "", [code]]);
  });

  test("that begins with a dash is never handed to Git, not even behind two of them", async () => {
    const target = join(repository.folder, "pwned");
    for (const name of [`--output=${target}`, "-x", "--upload-pack=touch pwned"]) {
      const ran = await repository.writ("diff", "--", name);
      expect([name, ran.exit, codesIn(ran.stderr)]).toEqual([name, 2, ["WRIT4204"]]);
    }
    expect(repository.git("status", "--porcelain")).not.toContain("pwned");
  });

  test("of a commit and of a folder at once has to be said more clearly", async () => {
    repository.git("branch", "same");
    repository.write({ "same/health.policy.ts": healthPolicy("GET /healthz", "GET /readyz", "GET /metrics") });
    const ran = await repository.writ("diff", "same");
    expect([ran.exit, ran.stdout, codesIn(ran.stderr)]).toEqual([2, "", ["WRIT4205"]]);
    expect(await changesIn("./same")).toEqual([]);
    expect(await changesIn("refs/heads/same")).toHaveLength(4);
  });
});

describe("files of a commit", () => {
  test("beside the policies come from the commit too, byte for byte", async () => {
    const { write, commit } = repository;
    write({ "reg/fleet.policy.ts": registry, "reg/data/fleet.csv": rows("a") });
    commit("registry");
    write({ "reg/data/fleet.csv": rows("a", "b") });
    const ran = await repository.writ("diff", "main", "--policies", "reg", "--format", "json");
    expect(ran.exit).toBe(0);
    const { before, after, looked } = JSON.parse(ran.stdout);
    expect(before.model).not.toBe(after.model);
    expect(looked.identities).toBe(2);
    // No text: the reader of the file has its own word for it.
    write({ "reg/data/fleet.csv": new Uint8Array([0x6e, 0xff, 0xfe, 0x00, 0x0a]) });
    commit("bytes");
    const bad = await repository.writ("diff", "main", "HEAD~1", "--policies", "reg");
    expect([bad.exit, bad.stdout]).toEqual([2, ""]);
    expect(codesIn(bad.stderr).length).toBeGreaterThan(0);
    expect(bad.stderr).toContain(":reg/");
  });

  test("that are links lead to places of the commit, and nowhere else", async () => {
    const { folder, commit, write } = repository;
    const outside = mkdtempSync(join(tmpdir(), "writ-outside-"));
    writeFileSync(join(outside, "secret.policy.ts"), healthPolicy("GET /secret"));
    mkdirSync(join(folder, "linked"));
    write({ "linked/real/health.txt": healthPolicy("GET /healthz") });
    symlinkSync("real/health.txt", join(folder, "linked/health.policy.ts"));
    commit("a link inside");
    const good = await repository.writ("diff", "main", "HEAD", "--policies", "linked");
    expect([good.exit, good.stdout.split("\n")[0]]).toEqual([
      0,
      "nothing changes: every request to 0 identities and 1 operation is decided as before",
    ]);
    for (const [target, name] of [
      [join(outside, "secret.policy.ts"), "absolute"],
      ["../policies/health.policy.ts", "above"],
      ["loop.policy.ts", "loop"],
      ["../../../../../../../../etc/passwd", "far"],
    ] as const) {
      symlinkSync(target, join(folder, `linked/${name}.policy.ts`));
      commit(name);
      const ran = await repository.writ("diff", "main", "HEAD", "--policies", "linked");
      expect([name, ran.exit, ran.stdout]).toEqual([name, 2, ""]);
      expect(ran.stderr).not.toContain("/secret");
      repository.git("rm", "-q", `linked/${name}.policy.ts`);
    }
    commit("without");
  });

  test("whose links are longer than any path lead nowhere, at once", async () => {
    const { git, folder } = repository;
    const base = git("rev-parse", "main");
    const treeOf = (rows: readonly string[]): string => {
      const input = rows.map((row) => `${row}\0`).join("");
      return execFileSync("git", ["-C", folder, "mktree", "-z"], { input, encoding: "latin1" }).trim();
    };
    const blobOf = (text: string): string =>
      execFileSync("git", ["-C", folder, "hash-object", "-w", "--stdin"], { input: text, encoding: "utf8" }).trim();
    const policy = blobOf(healthPolicy("GET /healthz"));
    const commitOf = (rows: readonly string[]): string =>
      git("commit-tree", "-p", base, "-m", "x", treeOf([`040000 tree ${treeOf(rows)}\tpolicies`]));
    const step = blobOf(`${"x/".repeat(2000)}x`);
    for (const target of [blobOf(`${"x/".repeat(200_000)}y`), step]) {
      const rows = [
        `100644 blob ${policy}\ta.policy.ts`,
        `120000 blob ${target}\tl.policy.ts`,
        `120000 blob ${step}\tx`,
      ];
      const ran = await repository.writ("diff", base, commitOf(rows));
      expect([ran.exit, ran.stdout, codesIn(ran.stderr)]).toEqual([2, "", ["WRIT5009"]]);
    }
    // Names that are no UTF-8 look alike: neither stands for the other.
    const [one, other] = [healthPolicy("GET /one"), healthPolicy("GET /other")].map((text) =>
      treeOf([`100644 blob ${blobOf(text)}\ta.policy.ts`]),
    );
    const hidden = commitOf([`040000 tree ${one}\td\xfe`, `040000 tree ${other}\td\xff`]);
    const ran = await repository.writ("diff", base, hidden);
    expect([ran.exit, ran.stdout, codesIn(ran.stderr)]).toEqual([2, "", ["WRIT4204"]]);
  });

  test("of a shallow clone are those that it has", async () => {
    const clone = repositoryIn(mkdtempSync(join(tmpdir(), "writ-shallow-")));
    clone.git("clone", "-q", "--depth", "1", `file://${repository.folder}`, ".");
    const here = await clone.writ("diff", "HEAD");
    expect(here.exit).toBe(0);
    const ran = await clone.writ("diff", "HEAD~1");
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([2, ["WRIT4204"]]);
    clone.remove();
  });

  test("outside of a repository are none", async () => {
    const bare = repositoryIn(mkdtempSync(join(tmpdir(), "writ-none-")));
    bare.write({ "policies/health.policy.ts": healthPolicy("GET /healthz") });
    const ran = await bare.writ("diff", "main");
    expect([ran.exit, codesIn(ran.stderr)]).toEqual([2, ["WRIT4204"]]);
    bare.remove();
  });

  test("are found from a folder below the root of the repository", async () => {
    const below = repositoryIn(join(repository.folder, "policies"));
    const ran = await below.writ("diff", "v1.0", "main", "--policies", ".");
    expect([ran.exit, ran.stdout.includes("health.example.com/readyz")]).toEqual([0, true]);
    const other = await below.writ("diff", "v1.0", "main", "--policies", "../policies");
    expect(other.stdout).toBe(ran.stdout);
  });
});
