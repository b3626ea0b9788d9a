/** The engine decides as the reference does: every case of the tables, and random requests to random estates. */
import { expect, test } from "vitest";
import { decide, isObject, isTime, type Loaded, type Policy, reasons } from "../../src/model/index.ts";
import { assembleModule, engineBytes, packTables } from "../../src/wasm/index.ts";
import { plain } from "../agree/compare.ts";
import { randomBatch } from "../agree/random-batch.ts";
import { randomModel } from "../agree/random-model.ts";
import { decideCases } from "../decide/cases.ts";
import { Random } from "../random.ts";

const engine = engineBytes();
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The part of the platform's WebAssembly that is used here: it is no part of the language's own types. */
interface Platform {
  readonly Memory: new (limits: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const { WebAssembly: platform } = globalThis as unknown as { readonly WebAssembly: Platform };

type Call = (...values: readonly number[]) => number;

/** A module as a host holds it that gives no more than it must: two pages, and no function that may be called. */
class Module {
  readonly #memory = new platform.Memory({ initial: 2 });
  readonly #exports: Readonly<Record<string, Call>>;
  readonly #start: number;
  #data = 0;

  constructor(loaded: Loaded) {
    const { policy } = loaded;
    const bytes = isPolicy(policy) ? assembleModule(engine, packTables(loaded.model, policy)) : assembleModule(engine);
    const refuse = (): never => expect.unreachable("the engine calls nothing");
    const builtins = Object.fromEntries([0, 1, 2, 3, 4].map((n) => [`opa_builtin${n}`, refuse]));
    const module = new platform.Module(bytes);
    const env = { ...builtins, opa_abort: refuse, memory: this.#memory };
    this.#exports = new platform.Instance(module, { env }).exports as Record<string, Call>;
    this.#start = this.#call("opa_heap_ptr_get");
  }

  know(revocations: unknown): void {
    const text = encoder.encode(JSON.stringify({ revocations }));
    this.#call("opa_heap_ptr_set", this.#start);
    const address = this.#call("opa_malloc", text.length);
    this.#write(address, text);
    this.#data = this.#call("opa_json_parse", address, text.length);
  }

  /** @param format 0: as JSON; 1: as a set of Rego */
  ask(input: unknown, format = 0): unknown {
    const text = encoder.encode(JSON.stringify(input));
    const address = this.#call("writ_prepare", text.length);
    this.#write(address, text);
    const end = address + text.length;
    const answer = this.#text(this.#call("opa_eval", 0, 0, this.#data, address, text.length, end, format));
    this.#call("opa_heap_ptr_set", address);
    const [open, close] = format === 0 ? ["[", "]"] : ["{", "}"];
    expect(answer.startsWith(open) && answer.endsWith(close)).toBe(true);
    const { result } = JSON.parse(answer.slice(1, -1)) as { readonly result: unknown };
    // Members are in the order of their names, so that equal decisions are equal texts.
    expect(Object.keys(result as object)).toEqual(Object.keys(result as object).toSorted());
    return result;
  }

  #call(name: string, ...values: readonly number[]): number {
    return this.#exports[name]!(...values);
  }

  #write(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#memory.buffer).set(bytes, address);
  }

  #text(address: number): string {
    const bytes = new Uint8Array(this.#memory.buffer, address);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }
}

function isPolicy(value: unknown): value is Policy {
  return (
    isObject(value) &&
    typeof value.revision === "string" &&
    [value.sequence, value.notBefore, value.notAfter].every(isTime)
  );
}

test.each(decideCases().map((one) => [`${one.file}: ${one.name}`, one] as const))("%s", (_, one) => {
  const module = new Module(one.loaded);
  module.know(one.loaded.revocations);
  for (const format of [0, 1]) expect(module.ask(one.input, format)).toEqual(plain(one.decision));
});

test("random requests to random estates, and every reason among them", () => {
  const reached = new Map<string, number>();
  for (let seed = 1; seed <= 60; seed++) {
    const random = new Random(seed);
    const model = randomModel(random);
    const modules = new Map<string, Module>();
    for (const { input, ...loaded } of randomBatch(random, [model], 100)) {
      const key = JSON.stringify(loaded.policy) ?? "none";
      const module = modules.get(key) ?? new Module({ model, ...loaded });
      modules.set(key, module);
      module.know(loaded.revocations);
      const expected = decide({ model, ...loaded }, input);
      reached.set(expected.reason, (reached.get(expected.reason) ?? 0) + 1);
      expect(module.ask(input), JSON.stringify({ seed, ...loaded, input })).toEqual(plain(expected));
    }
  }
  expect([...reached.keys()].toSorted()).toEqual([...reasons].toSorted());
});
