/** Asks one estate's policy.wasm many questions, each in several ways, and says where an answer is not that of the reference. */
import { isDeepStrictEqual } from "node:util";
import { assert } from "../../src/diagnostics/index.ts";
import { Policy } from "../../src/gateway/policy.ts";
import type { HeldRevocations } from "../../src/gateway/revocations.ts";
import { readTables } from "../../src/gateway/tables.ts";
import type { EngineModule } from "../../src/gateway/web-assembly.ts";
import {
  type Decision,
  decide,
  type Input,
  isObject,
  isTime,
  type Policy as LoadedPolicy,
  type Model,
} from "../../src/model/index.ts";
import { HEADER_DIGEST, HEADER_NOT_AFTER, HEADER_NOT_BEFORE, HEADER_SEQUENCE, MAGIC } from "../../src/wasm/layout.ts";
import { murmur } from "../../src/wasm/murmur.ts";
import type { Random } from "../random.ts";
import { plain, type Question } from "./compare.ts";
import type { Scenario } from "./scenario.ts";
import { spell } from "./spell.ts";
import { utf8, WasmPolicy } from "./wasm-policy.ts";

const { WebAssembly: platform } = globalThis as unknown as {
  readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => EngineModule };
};

/** What makes a module: ours, or one that was broken on purpose. */
export interface Maker {
  readonly engine: Uint8Array<ArrayBuffer>;
  readonly pack: (model: Model, policy: LoadedPolicy) => Uint8Array;
  readonly assemble: (engine: Uint8Array, tables?: Uint8Array) => Uint8Array<ArrayBuffer>;
}

export interface WasmDifference extends Question {
  readonly reference: Decision;
  /** Which way of asking. */
  readonly way: string;
  readonly answer: unknown;
}

/** What all estates share that one engine decides. */
export interface Engine {
  /** Without tables of its own: those are attached to it that are asked only once. */
  readonly bare: WasmPolicy;
  readonly compiled: EngineModule;
}

export function engineOf({ engine, assemble }: Maker): Engine {
  return { bare: new WasmPolicy(assemble(engine)), compiled: new platform.Module(engine) };
}

interface Loaded {
  readonly module: WasmPolicy;
  /** Only where the same policy is asked more than once. */
  readonly gateway?: Policy;
}

/** How many modules of one estate are kept at once. */
const kept = 8;

export class WasmEstate {
  readonly #maker: Maker;
  readonly #model: Model;
  /** By the text of the policy; nothing yet where it was met only once. */
  readonly #loaded = new Map<string, Loaded | undefined>();
  /** By revision, under one of its policies. */
  readonly #tables = new Map<string, Uint8Array>();
  readonly #engine: Engine;

  constructor(maker: Maker, model: Model, engine: Engine) {
    this.#maker = maker;
    this.#model = model;
    this.#engine = engine;
  }

  /** @param random which of the slower ways are taken, too; left out: all */
  ask(scenario: Scenario, random?: Random): { readonly reference: Decision; readonly differences: WasmDifference[] } {
    const { input, ...loaded } = scenario;
    const reference = decide({ model: this.#model, ...loaded }, input);
    const expected = plain(reference);
    const differences: WasmDifference[] = [];
    const hold = (way: string, wanted: unknown, answer: () => unknown): void => {
      const given = tried(answer);
      if (!isDeepStrictEqual(wanted, given))
        differences.push({ model: this.#model, scenario, reference, way, answer: given });
    };
    const sometimes = (chance: number): boolean => random?.chance(chance) ?? true;
    const { module, gateway } = this.#load(scenario.policy);
    module.know(scenario.revocations);
    hold("evaluate", expected, () => module.evaluate(input));
    const text = utf8(JSON.stringify(input));
    hold("direct", expected, () => plain(module.decideText(text)));
    if (gateway) {
      tell(gateway, scenario.revocations);
      hold("gateway", expected, () => plain(gateway.decide(input as Input)));
      hold("gateway, JSON", expected, () => plain(gateway.decideJson(text)));
    }
    if (sometimes(0.1)) hold("allow", reference.allow, () => module.evaluate(input, "writ/allow"));
    if (sometimes(0.05)) hold("stepwise", expected, () => module.evaluateStepwise(text));
    if (sometimes(0.05)) hold("set", expected, () => module.evaluateAsSet(text));
    if (sometimes(0.02)) hold("allow, set", reference.allow, () => module.evaluateAsSet(text, "writ/allow"));
    if (random && sometimes(0.1)) {
      const odd = utf8(spell(input, random));
      hold("evaluate, other spelling", expected, () => module.evaluateText(odd));
      hold("direct, other spelling", expected, () => plain(module.decideText(odd)));
    }
    return { reference, differences };
  }

  #load(policy: unknown): Loaded {
    const { bare, compiled } = this.#engine;
    if (!isPolicy(policy)) {
      bare.attach(new Uint8Array());
      return { module: bare };
    }
    const key = JSON.stringify(policy);
    const known = this.#loaded.get(key);
    if (known) return known;
    if (this.#loaded.has(key) && [...this.#loaded.values()].filter((loaded) => loaded).length < kept) {
      const tables = this.#maker.pack(this.#model, policy);
      assert(
        Buffer.compare(tables, this.#tablesFor(policy)) === 0,
        "policies of one revision differ in the header only",
      );
      const module = new WasmPolicy(this.#maker.assemble(this.#maker.engine, tables));
      const loaded = { module, gateway: Policy.start(compiled, tables, readTables(tables)) };
      this.#loaded.set(key, loaded);
      return loaded;
    }
    this.#loaded.set(key, undefined);
    bare.attach(this.#tablesFor(policy));
    return { module: bare };
  }

  /** To pack a large estate for every policy that it is asked under once would take most of the time. */
  #tablesFor(policy: LoadedPolicy): Uint8Array {
    const packed = this.#tables.get(policy.revision) ?? this.#maker.pack(this.#model, policy);
    this.#tables.set(policy.revision, packed);
    const tables = packed.slice();
    const view = new DataView(tables.buffer);
    const long = (offset: number, value: number): void => view.setBigInt64(offset, BigInt(value), true);
    long(HEADER_SEQUENCE, policy.sequence);
    long(HEADER_NOT_BEFORE, policy.notBefore);
    long(HEADER_NOT_AFTER, policy.notAfter);
    view.setUint32(HEADER_DIGEST, murmur(tables.subarray(HEADER_DIGEST + 4), MAGIC), true);
    return tables;
  }
}

/** What a host makes of anything else: it loads no policy. */
export function isPolicy(value: unknown): value is LoadedPolicy {
  return (
    isObject(value) &&
    typeof value.revision === "string" &&
    [value.sequence, value.notBefore, value.notAfter].every(isTime)
  );
}

/** Past what a gateway accepts of a publisher: the engine answers whatever stands there. */
function tell(gateway: Policy, revocations: unknown): void {
  const text = revocations === undefined ? undefined : JSON.stringify({ revocations });
  gateway.share({ text: () => text } as unknown as HeldRevocations);
}

function tried(answer: () => unknown): unknown {
  try {
    return answer();
  } catch (error) {
    return { threw: String(error) };
  }
}
