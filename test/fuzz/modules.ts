/**
 * Damaged modules: whatever is done to the tables or to the rest of policy.wasm, nothing hangs. What nobody repaired is refused or
 * decides as before; tables that somebody repaired who knows how end in an answer or a trap, within bounds.
 *
 *     node --conditions=writ-source test/fuzz/modules.ts 1000000 [seed]
 */
import { isDeepStrictEqual } from "node:util";
import type { Decision } from "../../src/model/index.ts";
import { decide } from "../../src/model/index.ts";
import { isPolicy, type Maker } from "../agree/ask-wasm.ts";
import { plain } from "../agree/compare.ts";
import { maker } from "../agree/maker.ts";
import { randomBatch } from "../agree/random-batch.ts";
import { randomModel } from "../agree/random-model.ts";
import { utf8, WasmPolicy } from "../agree/wasm-policy.ts";
import { processorTime } from "../processor-time.ts";
import { Random } from "../random.ts";
import { bendSection } from "./bend-section.ts";
import { bendTables, repair } from "./bend-tables.ts";
import { runWatched } from "./watched.ts";

export interface ModuleTask {
  readonly mutations: number;
  readonly seed: number;
}

export interface ModuleFigures {
  readonly mutations: number;
  /** How many of each kind ended in which way. */
  readonly ends: ReadonlyMap<string, number>;
  /** Milliseconds, and pages of memory. */
  readonly slowest: number;
  readonly largest: number;
  readonly failures: readonly string[];
}

/** What is asked of a damaged module. */
interface Probe {
  readonly revocations: unknown;
  readonly text: Uint8Array;
  readonly decision: Decision;
}

interface Original {
  readonly tables: Uint8Array;
  readonly module: Uint8Array<ArrayBuffer>;
  readonly probes: readonly Probe[];
}

const slow = 1000;
/** 256 MiB: more than any tables here could ask for honestly. */
const pagesBound = 4096;
const perOriginal = 2_000;

export function fuzzModules({ mutations, seed }: ModuleTask, begun: Int32Array, make: Maker = maker): ModuleFigures {
  const run = new Run(seed, make);
  for (let done = 0; done < mutations && run.failures.length < 20; done++) {
    Atomics.add(begun, 0, 1);
    run.mutate(done);
  }
  return { mutations, ends: run.ends, slowest: run.slowest, largest: run.largest, failures: run.failures };
}

class Run {
  readonly ends = new Map<string, number>();
  readonly failures: string[] = [];
  slowest = 0;
  largest = 0;
  readonly #seed: number;
  #original!: Original;
  readonly #make: Maker;
  #policy: WasmPolicy;

  constructor(seed: number, make: Maker) {
    this.#seed = seed;
    this.#make = make;
    this.#policy = bareOf(make);
  }

  mutate(number: number): void {
    if (number % perOriginal === 0)
      this.#original = originalOf(new Random(this.#seed * 1_000_003 + number), this.#make);
    const random = new Random(this.#seed * 7_000_003 + number);
    const begin = processorTime();
    const kind = random.pick(["tables", "tables", "tables", "repaired", "repaired"] as const);
    const end = random.chance(0.02) ? this.#section(random) : this.#tables(random, kind === "repaired");
    this.ends.set(end, (this.ends.get(end) ?? 0) + 1);
    const took = processorTime() - begin;
    if (took > this.slowest) this.slowest = took;
    const fail = (what: string): number =>
      this.failures.push(`mutation ${number} of seed ${this.#seed} ${what} (${end})`);
    if (took > slow) fail(`takes ${took.toFixed(0)} ms`);
    if (end.startsWith("tables: ") && !["tables: refused", "tables: as before"].includes(end))
      fail("is taken into use");
    const pages = this.#policy.memory.buffer.byteLength / 65_536;
    if (pages > this.largest) this.largest = pages;
    if (pages > pagesBound) fail(`takes ${pages} pages`);
    if (pages > 64) this.#policy = bareOf(this.#make);
  }

  #tables(random: Random, repaired: boolean): string {
    const { tables, probes } = this.#original;
    const bent = bendTables(random, tables);
    if (repaired) repair(bent);
    const kind = repaired ? "repaired" : "tables";
    try {
      const attached = this.#policy.attach(bent);
      const answers = random.some(probes, attached ? 4 : 1).map((probe) => answerOf(this.#policy, probe));
      return `${kind}: ${summary(answers)}`;
    } catch (error) {
      this.#policy = bareOf(this.#make);
      return `${kind}: ${String(error).startsWith("RuntimeError") || typeof error === "string" ? "trap" : "no answer to be read"}`;
    }
  }

  /** The SDK's own loading is part of it. */
  #section(random: Random): string {
    const { module, probes } = this.#original;
    const { bytes, section } = bendSection(random, module);
    let policy: WasmPolicy;
    try {
      policy = new WasmPolicy(bytes);
    } catch {
      return `section ${section}: refused`;
    }
    try {
      return `section ${section}: ${summary(random.some(probes, 4).map((probe) => answerOf(policy, probe)))}`;
    } catch {
      return `section ${section}: trap`;
    }
  }
}

type Answer = "refused" | "as before" | "denied" | "ALLOWED";

function answerOf(policy: WasmPolicy, { revocations, text, decision }: Probe): Answer {
  policy.know(revocations);
  const answer = policy.decideText(text);
  if (isDeepStrictEqual(plain(answer), plain(decision))) return "as before";
  if (answer.allow) return "ALLOWED";
  return answer.reason === "policy-missing" ? "refused" : "denied";
}

function summary(answers: readonly Answer[]): Answer {
  return (["ALLOWED", "denied", "refused"] as const).find((answer) => answers.includes(answer)) ?? "as before";
}

function bareOf({ assemble, engine }: Maker): WasmPolicy {
  return new WasmPolicy(assemble(engine));
}

/** A small estate, and questions that come to different ends. */
function originalOf(random: Random, { engine, pack, assemble }: Maker): Original {
  const model = randomModel(random);
  const scenarios = randomBatch(random, [model], 200);
  const policy = scenarios.map((scenario) => scenario.policy).find(isPolicy)!;
  const byReason = new Map<string, Probe>();
  for (const { input, revocations } of scenarios) {
    const decision = decide({ model, policy, revocations }, input);
    const key = decision.allow ? `granted ${random.int(0, 3)}` : decision.reason;
    if (!byReason.has(key)) byReason.set(key, { revocations, text: utf8(JSON.stringify(input)), decision });
  }
  const tables = pack(model, policy);
  return { tables, module: assemble(engine, tables), probes: [...byReason.values()] };
}

if (import.meta.main) {
  const [mutations = "1000000", seed = "1"] = process.argv.slice(2);
  const begin = performance.now();
  const task: ModuleTask = { mutations: Number(mutations), seed: Number(seed) };
  const figures = await watchedModules(task);
  const seconds = (performance.now() - begin) / 1000;
  for (const [end, count] of [...figures.ends].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(count).padStart(9)} ${end}`);
  console.log(
    `${figures.mutations} mutations in ${seconds.toFixed(0)} s, slowest ${figures.slowest.toFixed(0)} ms, at most ${figures.largest} pages`,
  );
  for (const failure of figures.failures) console.log(failure);
  console.log(`${figures.failures.length} failures`);
  if (figures.failures.length > 0) process.exitCode = 1;
}

export function watchedModules(task: ModuleTask): Promise<ModuleFigures> {
  return runWatched(new URL("./modules-worker.ts", import.meta.url), task, 20_000);
}
