/** The module of the example estate in real hosts, each in its own language, over the vectors that `writ vectors` prints. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKeys, readSigner } from "../../src/bundle/index.ts";
import { publicPem } from "../../src/bundle/keys.ts";
import { load } from "../../src/cli/load.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { emit, packRelease } from "../../src/compile.ts";
import { vectorsOf } from "../../src/vectors/index.ts";
import { privateKeyFile, publicKeyFile, RELEASE } from "../bundle/forge.ts";
import { opa, runOpa } from "../opa.ts";

interface SdkHost {
  readonly name: string;
  /** Absent where this machine lacks it. */
  readonly program: string | undefined;
  readonly options: readonly string[];
  /** What it is given, where that is not the module and the vectors. */
  readonly files?: readonly string[];
  /** What to do to have it. */
  readonly missing: string;
}

const { WRIT_PYTHON, WRIT_RUST_SDK } = process.env;
const opaWithWasm =
  opa !== undefined && runOpa(["version"], ".").output.includes("WebAssembly: available") ? opa : undefined;
const here = (path: string): string => join(import.meta.dirname, path);

const hosts: readonly SdkHost[] = [
  { name: "npm: opa-wasm", program: process.execPath, options: [here("npm.ts")], missing: "" },
  {
    name: "Python: opa-wasmtime",
    program: WRIT_PYTHON,
    options: [here("python/run.py")],
    missing: "install test/sdk/python/requirements.txt and name the Python in WRIT_PYTHON",
  },
  {
    name: "Rust: opa-wasm",
    program: WRIT_RUST_SDK,
    options: [],
    missing: "build test/sdk/rust and name the program in WRIT_RUST_SDK",
  },
  {
    name: "Go: OPA itself",
    program: opaWithWasm && process.execPath,
    options: [here("opa.ts")],
    files: ["bundle.tar.gz", "vectors.json", "key.pem"],
    missing: "build OPA with its wasm engine and name it in WRIT_OPA",
  },
];

const count = 1200;
const released = { sequence: 42, issued: 1_795_478_400, expires: 1_798_070_400 };

let folder: string;
beforeAll(async () => {
  const { compilation } = load(nodeHost(), resolve(import.meta.dirname, "../../policies"), { emit: false });
  const emission = emit(compilation.model!, { release: released });
  const signer = await readSigner(privateKeyFile(RELEASE));
  const [key] = (await readKeys(publicKeyFile(RELEASE))).values();
  folder = mkdtempSync(join(tmpdir(), "writ-sdk-"));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    "policy.wasm": emission.artefacts.find(({ path }) => path === "policy.wasm")!.bytes,
    "bundle.tar.gz": await packRelease(emission, signer, "wasm"),
    "key.pem": await publicPem(key!),
    "vectors.json": JSON.stringify(vectorsOf(compilation.model!, emission.policy, count)),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));

for (const { name, program, options, missing, files = ["policy.wasm", "vectors.json"] } of hosts) {
  describe(program === undefined ? `${name} (skipped: ${missing})` : name, () => {
    test.skipIf(program === undefined)("decides every vector as the reference does", () => {
      const given = files.map((file) => join(folder, file));
      const run = spawnSync(program!, [...options, ...given], { encoding: "utf8", maxBuffer: 1 << 28 });
      expect({ printed: run.stdout.slice(0, 4000), complained: run.stderr, status: run.status }).toEqual({
        printed: `${count} passed, 0 failed\n`,
        complained: "",
        status: 0,
      });
    });
  });
}
