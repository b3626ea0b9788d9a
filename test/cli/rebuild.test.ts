/** P10: the bundle of a commit is built again from a clone, byte for byte, and no name in the commit leads out of the copy. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readContents } from "../../src/bundle/index.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { run } from "../../src/cli/program.ts";
import { codesIn } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-rebuild-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function writ(...line: readonly string[]) {
  const [printed, complained]: [string[], string[]] = [[], []];
  const host = {
    ...nodeHost(),
    workingFolder: folder,
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void complained.push(text),
  };
  const exit = await run(line, host);
  return { exit, stdout: printed.join(""), stderr: complained.join("") };
}

const git = (...line: readonly string[]) =>
  execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...line], {
    encoding: "utf8",
  }).trim();

const commit = async () => {
  git("add", "policies");
  git("commit", "-qm", "policies");
  return git("rev-parse", "HEAD");
};

const terms = ["--sequence", "7", "--issued", "1795478400", "--expires", "1797206400"];

describe("writ rebuild", async () => {
  git("init", "-q");
  await writ("init", "policies");
  await writ("keys", "new", "writ");
  const good = await commit();

  test("P10 gives what was handed in, but for the signature", async () => {
    const built = await writ("build", "--sign", "writ.key.json", "--out", "bundle.tar.gz", ...terms);
    expect(built.exit).toBe(0);
    writeFileSync(join(folder, "policies", "later.policy.ts"), "this is not what was committed");
    const again = await writ("rebuild", ".", "--commit", good, "--out", "again.tar.gz", ...terms);
    rmSync(join(folder, "policies", "later.policy.ts"));
    expect([again.exit, again.stderr]).toEqual([0, ""]);
    const [one, other] = ["bundle.tar.gz", "again.tar.gz"].map((name) =>
      readContents(readFileSync(join(folder, name))),
    );
    expect(other).toEqual(one);
    const different = await writ("rebuild", ".", "--commit", good, "--out", "other.tar.gz", ...terms.with(1, "8"));
    expect(different.stdout).toMatch(/^8-/);
  });

  test("P10 refuses a commit that is none, one without policies, and a name that could lead elsewhere", async () => {
    const ask = (id: string, ...more: readonly string[]) =>
      writ("rebuild", ".", "--commit", id, "--out", "x.tar.gz", ...terms, ...more);
    for (const id of ["--upload-pack=touch", "HEAD"]) expect(codesIn((await ask(id)).stderr)).toEqual(["WRIT5088"]);
    expect(codesIn((await ask("0".repeat(40))).stderr)).toEqual(["WRIT5099"]);
    expect(codesIn((await ask(good, "--folder", "elsewhere")).stderr)).toEqual(["WRIT5099"]);
    const blob = git("hash-object", "-w", `policies/${readdirSync(join(folder, "policies"))[0]}`);
    for (const name of ["a\nb.policy.ts", "$(touch x).policy.ts", "a;b.policy.ts"]) {
      const inner = execFileSync("git", ["-C", folder, "mktree", "-z"], {
        input: `100644 blob ${blob}\t${name}\0`,
        encoding: "utf8",
      }).trim();
      const outer = execFileSync("git", ["-C", folder, "mktree"], {
        input: `040000 tree ${inner}\tpolicies\n`,
        encoding: "utf8",
      }).trim();
      const hostile = git("commit-tree", outer, "-m", "hostile");
      expect([name, codesIn((await ask(hostile)).stderr)]).toEqual([name, ["WRIT5099"]]);
    }
    expect(readdirSync(folder)).not.toContain("x.tar.gz");
  });
});

test("P11 a bundle is tried as gateways will use it", async () => {
  const tried = await writ("try", "bundle.tar.gz", "--keys", "writ.keys.json", "--format", "json");
  expect([tried.exit, JSON.parse(tried.stdout).problem]).toEqual([0, undefined]);
  writeFileSync(join(folder, "spoilt.tar.gz"), readFileSync(join(folder, "bundle.tar.gz")).fill(0, 40, 60));
  const spoilt = await writ("try", "spoilt.tar.gz", "--keys", "writ.keys.json", "--format", "json");
  expect([spoilt.exit, JSON.parse(spoilt.stdout).problem]).toEqual([
    1,
    expect.stringContaining("a gateway refuses it"),
  ]);
});
