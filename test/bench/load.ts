/** How long it takes from bytes to the first decision in a fresh process, what stays in memory, and what a revocation takes. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newKeys, pack, readSigner } from "../../src/bundle/index.ts";
import { engineBytes, packTables } from "../../src/wasm/index.ts";
import { opa } from "../opa.ts";
import { compileRego } from "./contestants/opa-wasm.ts";
import { tunedData, tunedRego } from "./contestants/tuned-rego.ts";
import { writModule } from "./contestants/writ.ts";
import { type Goal, printGoals } from "./goals.ts";
import { printTable } from "./measure.ts";
import { quantile } from "./rounds.ts";
import { speedEstate } from "./speed-estate.ts";

export interface Loaded {
  readonly milliseconds: number;
  /** By how much the process has grown once all is collected that nobody needs. */
  readonly resident: number;
}

/** Microseconds. */
export interface Patched {
  readonly gateway: { readonly p50: number; readonly p99: number };
  readonly engine: { readonly p50: number; readonly p99: number };
}

const runs = 5;
const mebibyte = 2 ** 20;
const held = 100_000;
const ways = [
  { kind: "policy.wasm", name: "policy.wasm in the gateway core" },
  { kind: "bundle.tar.gz", name: "the signed bundle in the gateway core" },
  { kind: "stock-sdk", name: "policy.wasm in the stock SDK" },
  { kind: "opa-data.json", name: "OPA's WASM of a tuned Rego, its data as JSON bytes" },
] as const;
const sizes = [
  { identities: 100_000, milliseconds: 60 },
  { identities: 1_000_000, milliseconds: 500 },
];

export async function benchLoad(): Promise<void> {
  const rows = [["identities, from bytes to the first decision", "read", "time", "resident", "× what was read"]];
  const goals: Goal[] = [{ name: "engine, KiB", value: engineBytes().length / 1024, most: 32 }];
  for (const { identities, milliseconds } of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
    try {
      const lengths = await prepare(folder, identities);
      for (const { kind, name } of ways) {
        const length = lengths[kind];
        if (length === undefined) continue;
        const all: Loaded[] = [];
        for (let run = 0; run < runs; run++) all.push((await inProcess(kind, folder)) as Loaded);
        const time = quantile(
          all.map((one) => one.milliseconds),
          0.5,
        );
        const resident = quantile(
          all.map((one) => one.resident),
          0.5,
        );
        rows.push([
          `${identities}: ${name}`,
          `${(length / mebibyte).toFixed(1)} MiB`,
          `${time.toFixed(time < 100 ? 1 : 0)} ms`,
          `${(resident / mebibyte).toFixed(1)} MiB`,
          (resident / length).toFixed(2),
        ]);
        if (kind !== "policy.wasm") continue;
        goals.push(
          { name: `load ${identities} identities, ms`, value: time, most: milliseconds },
          { name: `resident at ${identities} identities, by the tables`, value: resident / lengths.tables!, most: 1.5 },
        );
      }
      if (identities === sizes[0]!.identities) {
        const { gateway, engine } = (await inProcess("patch", folder, `${held}`)) as Patched;
        const name = `one revocation at ${held} held, µs`;
        goals.push(
          { name: `${name}: gateway core, p50`, value: gateway.p50, most: 20 },
          { name: `${name}: gateway core, p99`, value: gateway.p99, most: 20 },
          { name: `${name}: engine, p50`, value: engine.p50, most: 20 },
          { name: `${name}: engine, p99`, value: engine.p99, most: 20 },
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  printTable(rows);
  printGoals(goals);
}

/** Writes what the processes read. @returns lengths */
async function prepare(folder: string, identities: number): Promise<Readonly<Record<string, number>>> {
  const estate = speedEstate(identities, 1_000);
  const { revision, sequence, notBefore: issued, notAfter: expires } = estate.policy;
  const wasm = writModule(estate);
  const pair = await newKeys();
  const bundle = await pack(
    [{ path: "policy.wasm", bytes: wasm }],
    {
      revision,
      roots: ["writ"],
      rego_version: 1,
      metadata: { sequence, issued, expires, entrypoints: ["writ/allow", "writ/decision"] },
    },
    { signer: await readSigner(new TextEncoder().encode(pair.privateKey)) },
  );
  const files: Record<string, string | Uint8Array> = {
    "policy.wasm": wasm,
    "bundle.tar.gz": bundle,
    "keys.json": pair.publicKeys,
    "question.json": JSON.stringify({ input: estate.inputs[0], revocations: estate.revocations }),
  };
  if (opa !== undefined) {
    files["opa.wasm"] = compileRego(tunedRego, ["tuned/decision"])!;
    files["opa-data.json"] = JSON.stringify(tunedData(estate));
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const lengths = Object.entries(files).map(([name, content]) => [name, content.length] as const);
  return {
    ...Object.fromEntries(lengths),
    "stock-sdk": wasm.length,
    tables: packTables(estate.model, estate.policy).length,
  };
}

async function inProcess(kind: string, ...parameters: readonly string[]): Promise<unknown> {
  const options = { execArgv: ["--conditions=writ-source", "--expose-gc", "--max-old-space-size=12288"] };
  const child = fork(join(import.meta.dirname, "load-run.ts"), [kind, ...parameters], options);
  const ended = once(child, "exit");
  const [answer] = await Promise.race([once(child, "message"), ended]);
  if (typeof answer !== "object") throw `${kind} ended with ${answer}`;
  await ended;
  return answer;
}
