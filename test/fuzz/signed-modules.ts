/**
 * Damaged modules in bundles: one that was changed after it was signed is refused; one that we signed ourselves over a damaged
 * module is refused under a code or decides, and never throws.
 *
 *     node --conditions=writ-source test/fuzz/signed-modules.ts 20000 [seed]
 */
import { gunzipSync } from "node:zlib";
import { WritError } from "../../src/diagnostics/index.ts";
import { openPolicy } from "../../src/gateway/index.ts";
import { assembleModule, engineBytes, packTables } from "../../src/wasm/index.ts";
import { forgeGzip } from "../bundle/forge.ts";
import { bases, estate } from "../decide/estate.ts";
import { keys, now, policyOf, release, wasmOf } from "../gateway/release.ts";
import { Random } from "../random.ts";
import { bendSection } from "./bend-section.ts";
import { bendTables, repair } from "./bend-tables.ts";

export interface SignedFigures {
  readonly bundles: number;
  readonly ends: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

const wasm = wasmOf();
const tables = packTables(estate, policyOf({}));

export async function fuzzSigned(bundles: number, seed: number): Promise<SignedFigures> {
  const ends = new Map<string, number>();
  const failures: string[] = [];
  const tar = gunzipSync(await release());
  const start = tar.indexOf(wasm.subarray(0, 100));
  for (let n = 0; n < bundles && failures.length < 20; n++) {
    const random = new Random(seed * 1_000_003 + n);
    const ours = random.chance(0.3);
    const bytes = ours
      ? await release({ wasm: bentModule(random) })
      : forgeGzip(bentArchive(random, tar, start), { level: 1 });
    const end = `${ours ? "signed by ourselves" : "changed later"}: ${await endOf(bytes)}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (end.includes("throws") || (!ours && !end.includes("WRIT70")))
      failures.push(`bundle ${n} of seed ${seed}: ${end}`);
  }
  return { bundles, ends, failures };
}

/** One to three bytes of the module within the archive. */
function bentArchive(random: Random, tar: Uint8Array, start: number): Uint8Array {
  const bent = Uint8Array.from(tar);
  const places = new Set(Array.from({ length: random.int(1, 3) }, () => start + random.int(0, wasm.length - 1)));
  for (const at of places) bent[at]! ^= random.int(1, 255);
  return bent;
}

function bentModule(random: Random): Uint8Array {
  if (random.chance(0.4)) return bendSection(random, wasm).bytes;
  const bent = bendTables(random, tables);
  if (random.chance(0.8)) repair(bent);
  return assembleModule(engineBytes(), bent);
}

async function endOf(bytes: Uint8Array): Promise<string> {
  try {
    const policy = await openPolicy(bytes, keys);
    policy.setRevocations({ at: now, floor: 0 });
    const answers = Object.values(bases).flatMap((base) => [
      policy.decide(base),
      policy.decideJson(JSON.stringify(base)),
    ]);
    return answers.some(({ reason }) => reason === "engine-fault") ? "stops, and refuses" : "decides";
  } catch (error) {
    return error instanceof WritError ? error.code : `throws ${error}`;
  }
}

if (import.meta.main) {
  const [bundles = "20000", seed = "1"] = process.argv.slice(2);
  const begin = performance.now();
  const figures = await fuzzSigned(Number(bundles), Number(seed));
  for (const [end, count] of [...figures.ends].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(count).padStart(7)} ${end}`);
  for (const failure of figures.failures) console.log(failure);
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  console.log(`${figures.bundles} bundles in ${seconds} s: ${figures.failures.length} failures`);
  if (figures.failures.length > 0) process.exitCode = 1;
}
