/** The same sources, built by two processes that have nothing else in common. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { LIMITS, newKeys, readTar } from "../../src/bundle/index.ts";

const root = resolve(import.meta.dirname, "../..");
const main = join(root, "src/cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "writ-again-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { privateKey } = await newKeys({ kid: "release" });
/** The example estate, with the package that one of its documents is in. */
const sources = ["policies", "node_modules/@octokit/openapi/generated/api.github.com.json"].flatMap((name) => {
  if (name.endsWith(".json")) return [join(root, name)];
  return readdirSync(join(root, name), { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
});

interface Machine {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** How far its clock is from ours. */
  readonly ahead: number;
  readonly files: readonly string[];
}

/** What comes out: the text for review, and everything in the bundle but its signature, of which no two are the same. */
function build(machine: Machine): Readonly<Record<string, string>> {
  const here = join(folder, machine.folder);
  for (const file of machine.files) {
    const copy = join(here, file.slice(root.length));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(file, copy);
  }
  writeFileSync(join(here, "writ.key.json"), privateKey, { mode: 0o600 });
  const clock = `const now = Date.now; Date.now = () => now() + ${machine.ahead}; const Real = Date;
globalThis.Date = class extends Real { constructor(...given) { super(...(given.length > 0 ? given : [Real.now()])); } };`;
  const built = spawnSync(
    process.execPath,
    [
      ...["--import", `data:text/javascript,${encodeURIComponent(clock)}`, "--conditions=writ-source", main],
      ...["build", "--sign", "writ.key.json", "--sequence", "7", "--issued", "2026-01-01", "--out", "bundle.tar.gz"],
    ],
    { cwd: here, encoding: "utf8", env: { PATH: process.env.PATH ?? "", ...machine.environment } },
  );
  // A busy machine is told how far it is.
  expect(built.status, built.stderr).toBe(0);
  const digestOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
  const review = readdirSync(join(here, "bundles")).map(
    (name) => [name, readFileSync(join(here, "bundles", name))] as const,
  );
  const packed = [...readTar(gunzipSync(readFileSync(join(here, "bundle.tar.gz"))), LIMITS)];
  const files = packed
    .map(([name, bytes]) => [`/${name}`, bytes] as const)
    .filter(([name]) => name !== "/.signatures.json");
  return Object.fromEntries([...review, ...files].map(([name, bytes]) => [name, digestOf(bytes)]));
}

test("R06 another folder, clock, language, time zone and order of files give the same bytes", () => {
  const [here, there] = [
    build({ folder: "a", environment: { TZ: "UTC", LC_ALL: "C" }, ahead: 0, files: sources }),
    build({
      folder: "b/c d/é",
      environment: { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", HOME: folder },
      ahead: 400 * 86_400_000,
      files: sources.toReversed(),
    }),
  ];
  expect(Object.keys(here)).toEqual(
    expect.arrayContaining(["/policy.wasm", "/data.json", "/.manifest", "policy.rego"]),
  );
  expect(Object.keys(there)).toEqual(Object.keys(here));
  expect(Object.keys(here).filter((name) => here[name] !== there[name])).toEqual([]);
});
