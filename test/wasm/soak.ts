/**
 * Runs one module for as long as a gateway does: decisions and revocations by turns, and neither memory nor heap may grow.
 *
 *     node --conditions=writ-source test/wasm/soak.ts 10000000 1000000 [seed]
 */

import { isDeepStrictEqual } from "node:util";
import { assert } from "../../src/diagnostics/index.ts";
import { decide, type Policy } from "../../src/model/index.ts";
import { plain } from "../agree/compare.ts";
import { maker } from "../agree/maker.ts";
import { utf8, WasmPolicy } from "../agree/wasm-policy.ts";
import { bases, loaded } from "../decide/estate.ts";
import { Random } from "../random.ts";

export interface SoakTask {
  readonly decisions: number;
  readonly patches: number;
  readonly seed: number;
}

export interface SoakFigures extends SoakTask {
  /** The most until the lists are full, and of all: the pages of memory, and the heap pointer behind the data. */
  readonly pages: Most;
  readonly heap: Most;
  readonly compared: number;
  readonly differences: readonly string[];
}

interface Most {
  first: number;
  all: number;
}

/** So many tokens, identities and keys are revoked at any time, at most. */
const held = 1_000;
/** After so many patches they are. */
const full = 50_000;
const compareEvery = 1_000;

const { model, policy } = loaded;
const start = loaded.revocations as Record<string, unknown>;

export function soak({ decisions, patches, seed }: SoakTask): SoakFigures {
  const random = new Random(seed);
  const module = new WasmPolicy(maker.assemble(maker.engine, maker.pack(model, policy as Policy)));
  const revocations = new Revoked(module);
  const texts = Object.values(bases).map((input) => utf8(JSON.stringify(input)));
  const [pages, heap]: [Most, Most] = [
    { first: 0, all: 0 },
    { first: 0, all: 0 },
  ];
  const differences: string[] = [];
  let compared = 0;
  const rounds = Math.max(1, patches);
  const perRound = Math.ceil(decisions / rounds);
  const measure = (most: Most, value: number, round: number): void => {
    if (round <= Math.max(full, rounds / 10) && value > most.first) most.first = value;
    if (value > most.all) most.all = value;
  };
  for (let round = 1; round <= rounds; round++) {
    if (patches > 0) revocations.patchOnce(random);
    for (let n = 0; n < perRound; n++) {
      const which = (round + n) % texts.length;
      if (n % 4 === 0) module.evaluateText(texts[which]!);
      else module.decideOnly(texts[which]!);
    }
    measure(pages, module.memory.buffer.byteLength / 65_536, round);
    measure(heap, module.loaded.dataHeapPtr, round);
    if (round % compareEvery > 0) continue;
    for (const [name, input] of Object.entries(bases)) {
      const reference = plain(decide({ model, policy, revocations: revocations.value }, input));
      compared++;
      if (!isDeepStrictEqual(module.evaluate(input), reference)) differences.push(`${name} after patch ${round}`);
    }
  }
  return { decisions: perRound * rounds, patches, seed, pages, heap, compared, differences };
}

/** What is revoked, in the module's data and beside it, changed one entry at a time. */
class Revoked {
  readonly value: Record<string, unknown> & Record<"tokens", Record<string, Record<string, number>>>;
  readonly #module: WasmPolicy;
  readonly #present: (readonly string[])[] = [];
  readonly #keys = new Set<string>();

  constructor(module: WasmPolicy) {
    this.#module = module;
    this.value = { ...structuredClone(start), tokens: { corp: {} }, identities: {}, keys: {}, issuedBefore: {} };
    module.know(this.value);
  }

  patchOnce(random: Random): void {
    const full = this.#present.length >= held;
    if (this.#present.length > 0 && (full || random.chance(0.2))) {
      const [path] = this.#present.splice(random.int(0, this.#present.length - 1), 1);
      this.#keys.delete(path!.join("\0"));
      this.#remove(path!);
      return;
    }
    if (random.chance(0.1)) {
      // The heartbeat.
      this.#add(["at"], 1_799_999_950 + random.int(0, 50));
      return;
    }
    const path = random.pick([
      ["tokens", "corp", random.pick(["j1", `j${random.int(2, 1_000_000)}`, `é${random.int(0, 9_999)}`])],
      ["tokens", "corp", `${random.int(0, 1_000_000)}-${"x".repeat(random.int(0, 200))}`],
      ["keys", random.pick(["cert", "thumb", "k1", `k${random.int(2, 100_000)}`])],
      ["identities", random.pick(["payments", "acme", `identity${random.int(0, 10_000)}`])],
      ["issuedBefore", random.pick(["payments", `identity${random.int(0, 10_000)}`])],
    ] as const);
    if (!this.#keys.has(path.join("\0"))) this.#present.push(path);
    this.#keys.add(path.join("\0"));
    this.#add(path, 1_800_000_000 + random.int(0, 9));
  }

  #add(path: readonly string[], value: number): void {
    const last = path.at(-1)!;
    this.#objectAt(path)[last] = value;
    assert(this.#module.patch(["revocations", ...path], value) === 0, "the patch is taken");
  }

  #remove(path: readonly string[]): void {
    delete this.#objectAt(path)[path.at(-1)!];
    assert(this.#module.patch(["revocations", ...path]) === 0, "the patch is taken");
  }

  #objectAt(path: readonly string[]): Record<string, unknown> {
    return path
      .slice(0, -1)
      .reduce<Record<string, unknown>>((o, name) => o[name] as Record<string, unknown>, this.value);
  }
}

if (import.meta.main) {
  const [decisions = "10000000", patches = "1000000", seed = "1"] = process.argv.slice(2);
  const begin = performance.now();
  const figures = soak({ decisions: Number(decisions), patches: Number(patches), seed: Number(seed) });
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  const { pages, heap, compared, differences } = figures;
  console.log(`${figures.decisions} decisions and ${figures.patches} patches in ${seconds} s`);
  console.log(`pages of memory: at most ${pages.first} until the lists are full, ${pages.all} in all`);
  console.log(`heap pointer: at most ${heap.first} until the lists are full, ${heap.all} in all`);
  console.log(`${compared} answers compared with the reference, ${differences.length} differences`);
  for (const difference of differences.slice(0, 10)) console.log(difference);
  if (!isFlat(figures) || differences.length > 0) process.exitCode = 1;
}

/** A few per cent are the luck of how long the texts are. */
export function isFlat({ pages, heap }: SoakFigures): boolean {
  return pages.all === pages.first && heap.all <= heap.first * 1.1;
}
