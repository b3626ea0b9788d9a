/** One policy.wasm, loaded by the stock npm SDK, and every way in which a host may ask it. */
import { createRequire } from "node:module";
import { assert } from "../../src/diagnostics/index.ts";
import { type Decision, reasons } from "../../src/model/index.ts";
import {
  RESULT_EMERGENCY,
  RESULT_GRANT_COUNT,
  RESULT_GRANTS,
  RESULT_IDENTITY,
  RESULT_OPERATION,
  RESULT_REASON,
  RESULT_REVISION,
  RESULT_TIER,
  RESULT_UNTIL,
  RESULT_UPSTREAM,
  RESULT_UPSTREAM_LENGTH,
  RULE_NAME,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
} from "../../src/wasm/layout.ts";

/** The functions of the module that are called here. */
export interface Exports {
  readonly opa_malloc: (size: number) => number;
  readonly opa_json_parse: (address: number, length: number) => number;
  readonly opa_value_parse: (address: number, length: number) => number;
  readonly opa_json_dump: (value: number) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_heap_ptr_set: (address: number) => void;
  readonly opa_value_add_path: (data: number, path: number, value: number) => number;
  readonly opa_value_remove_path: (data: number, path: number) => number;
  readonly opa_value_free: (value: number) => void;
  readonly opa_free: (address: number) => void;
  readonly opa_heap_blocks_stash: () => void;
  readonly opa_heap_blocks_restore: () => void;
  readonly opa_eval_ctx_new: () => number;
  readonly opa_eval_ctx_set_input: (context: number, value: number) => void;
  readonly opa_eval_ctx_set_data: (context: number, value: number) => void;
  readonly opa_eval_ctx_set_entrypoint: (context: number, entrypoint: number) => void;
  readonly eval: (context: number) => number;
  readonly opa_eval_ctx_get_result: (context: number) => number;
  readonly opa_eval: (
    reserved: number,
    entrypoint: number,
    data: number,
    input: number,
    length: number,
    heap: number,
    format: number,
  ) => number;
  readonly writ_reserve: (length: number) => number;
  readonly writ_attach: (length: number) => number;
  readonly writ_slots: () => number;
  readonly writ_prepare: (length: number) => number;
  readonly writ_decide: (data: number) => number;
  readonly writ_decide_json: (data: number, address: number, length: number) => number;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What the SDK keeps of a module. */
interface Loaded {
  readonly wasmInstance: { readonly exports: Exports };
  readonly mem: Memory;
  readonly entrypoints: Readonly<Record<string, number>>;
  dataAddr: number;
  baseHeapPtr: number;
  dataHeapPtr: number;
  evaluate(input: unknown, entrypoint?: number | string): unknown;
  setData(data: unknown): void;
}

// Its types and its file for ES modules do not name the same functions.
const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm") as {
  readonly loadPolicySync: (module: Uint8Array<ArrayBuffer>) => Loaded;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export class WasmPolicy {
  readonly loaded: Loaded;
  readonly exports: Exports;
  readonly memory: Memory;

  constructor(module: Uint8Array<ArrayBuffer>) {
    this.loaded = loadPolicySync(module);
    this.exports = this.loaded.wasmInstance.exports;
    this.memory = this.loaded.mem;
  }

  /** Puts other tables in place of those that the module came with, as a gateway does that keeps its instance. */
  attach(tables: Uint8Array): boolean {
    const { writ_reserve, writ_attach, opa_heap_ptr_get } = this.exports;
    const address = writ_reserve(tables.length);
    new Uint8Array(this.memory.buffer).set(tables, address);
    const attached = writ_attach(tables.length) !== 0;
    this.loaded.baseHeapPtr = opa_heap_ptr_get();
    this.loaded.dataHeapPtr = this.loaded.baseHeapPtr;
    return attached;
  }

  /** The data document holds nothing but revocations, where there are any. */
  know(revocations: unknown): void {
    this.loaded.setData(revocations === undefined ? {} : { revocations });
  }

  evaluate(input: unknown, entrypoint = "writ/decision"): unknown {
    return resultOf(this.loaded.evaluate(input, entrypoint));
  }

  /** The same of a text as it is. */
  evaluateText(text: Uint8Array, entrypoint = "writ/decision"): unknown {
    return this.evaluate(Uint8Array.from(text).buffer, entrypoint);
  }

  /** The calls one by one, as hosts make them that do not know `opa_eval`. */
  evaluateStepwise(text: Uint8Array, entrypoint = "writ/decision"): unknown {
    const { exports, loaded } = this;
    exports.opa_heap_ptr_set(loaded.dataHeapPtr);
    const address = exports.opa_malloc(text.length);
    this.#write(address, text);
    const input = exports.opa_json_parse(address, text.length);
    const context = exports.opa_eval_ctx_new();
    exports.opa_eval_ctx_set_input(context, input);
    exports.opa_eval_ctx_set_data(context, loaded.dataAddr);
    exports.opa_eval_ctx_set_entrypoint(context, loaded.entrypoints[entrypoint]!);
    assert(exports.eval(context) === 0, "the evaluation failed");
    return resultOf(JSON.parse(this.#text(exports.opa_json_dump(exports.opa_eval_ctx_get_result(context)))));
  }

  /** The answer as a set of Rego, as OPA itself reads it. */
  evaluateAsSet(text: Uint8Array, entrypoint = "writ/decision"): unknown {
    const { exports, loaded } = this;
    this.#reach(loaded.dataHeapPtr + text.length);
    this.#write(loaded.dataHeapPtr, text);
    const answer = this.#text(
      exports.opa_eval(
        0,
        loaded.entrypoints[entrypoint]!,
        loaded.dataAddr,
        loaded.dataHeapPtr,
        text.length,
        loaded.dataHeapPtr + text.length,
        1,
      ),
    );
    assert(answer.startsWith("{{") && answer.endsWith("}}"), "the answer is a set of one object");
    return resultOf([JSON.parse(answer.slice(1, -1))]);
  }

  /** Straight from a text to the record of the result. */
  decideText(text: Uint8Array): Decision {
    return this.readResult(this.decideOnly(text));
  }

  /** The same without reading the result: what the module itself takes. */
  decideOnly(text: Uint8Array): number {
    const { exports, loaded } = this;
    exports.opa_heap_ptr_set(loaded.dataHeapPtr);
    const address = exports.writ_prepare(text.length);
    this.#write(address, text);
    return exports.writ_decide_json(loaded.dataAddr, address, text.length);
  }

  /**
   * Changes one place of the data, as Go OPA and OpaDotNet do.
   * @param value left out: removes what is there
   * @returns the code of the module
   */
  patch(path: readonly string[], value?: unknown): number {
    const { exports, loaded } = this;
    exports.opa_heap_ptr_set(loaded.dataHeapPtr);
    exports.opa_heap_blocks_restore();
    const valueAddress = value === undefined ? 0 : this.#parse(value);
    const pathAddress = this.#parse(path);
    const code =
      value === undefined
        ? exports.opa_value_remove_path(loaded.dataAddr, pathAddress)
        : exports.opa_value_add_path(loaded.dataAddr, pathAddress, valueAddress);
    exports.opa_value_free(pathAddress);
    exports.opa_heap_blocks_stash();
    loaded.dataHeapPtr = exports.opa_heap_ptr_get();
    return code;
  }

  #parse(value: unknown): number {
    const text = encoder.encode(JSON.stringify(value));
    const address = this.exports.opa_malloc(text.length);
    this.#write(address, text);
    const parsed = this.exports.opa_json_parse(address, text.length);
    this.exports.opa_free(address);
    return parsed;
  }

  readResult(result: number): Decision {
    const view = new DataView(this.memory.buffer);
    const word = (address: number): number => view.getUint32(address, true);
    const bytes = (address: number, length: number): string =>
      decoder.decode(new Uint8Array(this.memory.buffer, address, length));
    const text = (address: number): string =>
      JSON.parse(bytes(address + TEXT_JSON, word(address + TEXT_JSON_LENGTH))) as string;
    const named = (name: string, offset: number) => {
      const address = word(result + offset);
      return address === 0 ? {} : { [name]: text(address) };
    };
    const reason = reasons[word(result + RESULT_REASON)]!;
    const established = {
      ...named("identity", RESULT_IDENTITY),
      ...named("tier", RESULT_TIER),
      ...named("operation", RESULT_OPERATION),
      ...named("revision", RESULT_REVISION),
    };
    if (reason !== "granted") return { allow: false, reason, ...established };
    const list = word(result + RESULT_GRANTS);
    return {
      allow: true,
      reason,
      ...(established as { operation: string; revision: string }),
      grants: Array.from({ length: word(result + RESULT_GRANT_COUNT) }, (_, n) =>
        text(word(word(list + 4 * n) + RULE_NAME)),
      ),
      emergency: word(result + RESULT_EMERGENCY) !== 0,
      headers: JSON.parse(bytes(word(result + RESULT_UPSTREAM), word(result + RESULT_UPSTREAM_LENGTH))) as Record<
        string,
        string
      >,
      until: view.getFloat64(result + RESULT_UNTIL, true),
    };
  }

  #write(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.memory.buffer).set(bytes, address);
  }

  #reach(end: number): void {
    const lacking = end - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / 65_536));
  }

  /** @returns what stands there up to its NUL */
  #text(address: number): string {
    const bytes = new Uint8Array(this.memory.buffer, address);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

function resultOf(answer: unknown): unknown {
  const set = answer as readonly { readonly result: unknown }[];
  return set.length === 1 ? set[0]!.result : { undefined: set.length };
}
