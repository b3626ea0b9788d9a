/** A module in a host: its memory, the functions that hosts supply, and the steps that their call sequences have in common. */
import { assert } from "../../../src/diagnostics/index.ts";

export interface Exports {
  readonly memory: Memory;
  readonly opa_wasm_abi_version: { readonly value: number };
  readonly opa_wasm_abi_minor_version: { readonly value: number };
  readonly opa_malloc: (size: number) => number;
  readonly opa_free: (address: number) => void;
  readonly opa_json_parse: (address: number, length: number) => number;
  readonly opa_value_parse: (address: number, length: number) => number;
  readonly opa_json_dump: (value: number) => number;
  readonly opa_value_dump: (value: number) => number;
  readonly opa_value_free: (value: number) => void;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_heap_ptr_set: (address: number) => void;
  readonly opa_heap_blocks_stash: () => void;
  readonly opa_heap_blocks_restore: () => void;
  readonly opa_heap_stash_clear: () => void;
  readonly opa_value_add_path: (data: number, path: number, value: number) => number;
  readonly opa_value_remove_path: (data: number, path: number) => number;
  readonly opa_eval_ctx_new: () => number;
  readonly opa_eval_ctx_set_input: (context: number, value: number) => void;
  readonly opa_eval_ctx_set_data: (context: number, value: number) => void;
  readonly opa_eval_ctx_set_entrypoint: (context: number, entryPoint: number) => void;
  readonly opa_eval_ctx_get_result: (context: number) => number;
  readonly eval: (context: number) => number;
  readonly opa_eval: (...numbers: readonly [number, number, number, number, number, number, number]) => number;
  readonly builtins: () => number;
  readonly entrypoints: () => number;
  readonly writ_reserve: (length: number) => number;
  readonly writ_attach: (length: number) => number;
  readonly writ_slots: () => number;
  readonly writ_prepare: (length: number) => number;
  readonly writ_decide: (data: number) => number;
  readonly writ_decide_json: (data: number, address: number, length: number) => number;
  readonly writ_scan_json: (address: number, length: number) => number;
}

export interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Platform {
  readonly Memory: new (size: { readonly initial: number; readonly maximum?: number }) => Memory;
  readonly Module: (new (
    bytes: Uint8Array<ArrayBuffer>,
  ) => object) & {
    readonly imports: (
      module: object,
    ) => readonly { readonly module: string; readonly name: string; readonly kind: string }[];
    readonly exports: (module: object) => readonly { readonly name: string; readonly kind: string }[];
  };
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
}

/** By its own names: the types of the language leave it out. */
export const { WebAssembly: platform } = globalThis as unknown as { readonly WebAssembly: Platform };

export interface Surroundings {
  /** Pages that the host's memory begins with. */
  readonly initial: number;
  readonly maximum?: number;
  /** Links by position, in the order in which OPA's own policies import. */
  readonly positional?: boolean;
  readonly println?: boolean;
  /** Whether the host makes room before it writes above the heap pointer. */
  readonly grows?: boolean;
  /** Whether `opa_abort` merely notes the message and returns. */
  readonly returns?: boolean;
}

const PAGE = 65_536;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const ORDER = ["opa_builtin0", "opa_builtin1", "opa_builtin2", "opa_builtin3", "opa_builtin4", "opa_abort", "memory"];

export class Host {
  readonly exports: Exports;
  readonly memory: Memory;
  readonly aborts: string[] = [];
  readonly #grows: boolean;

  constructor(bytes: Uint8Array<ArrayBuffer>, { initial, maximum, positional, println, grows, returns }: Surroundings) {
    this.#grows = grows ?? false;
    this.memory = new platform.Memory({ initial, ...(maximum !== undefined && { maximum }) });
    const supplied: Record<string, unknown> = {
      memory: this.memory,
      opa_abort: (address: number) => {
        this.aborts.push(this.text(address));
        assert(returns, `the module aborts: ${this.aborts.at(-1)}`);
      },
      ...(println && { opa_println: () => undefined }),
    };
    for (let i = 0; i < 5; i++) supplied[`opa_builtin${i}`] = () => assert(false, "no function of a host is called");
    const module = new platform.Module(bytes);
    if (positional) {
      const given = ORDER.map((name) => supplied[name]);
      const wanted = platform.Module.imports(module);
      assert(wanted.length === given.length, "as many imports as are supplied");
      for (const name of Object.keys(supplied)) delete supplied[name];
      for (const [place, { name }] of wanted.entries()) supplied[name] = given[place];
    }
    this.exports = new platform.Instance(module, { env: supplied }).exports as Exports;
  }

  /** The bytes up to the first NUL. */
  text(address: number): string {
    const bytes = new Uint8Array(this.memory.buffer, address);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** Writes above the heap pointer, as hosts do that ask for no memory. */
  write(address: number, bytes: Uint8Array): void {
    const lacking = address + bytes.length - this.memory.buffer.byteLength;
    if (this.#grows && lacking > 0) this.memory.grow(Math.ceil(lacking / PAGE));
    new Uint8Array(this.memory.buffer).set(bytes, address);
  }

  /** Has a text parsed. */
  parse(text: string | Uint8Array, how: { readonly free?: boolean; readonly term?: boolean } = {}): number {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    const { opa_malloc, opa_json_parse, opa_value_parse, opa_free } = this.exports;
    const address = opa_malloc(bytes.length);
    new Uint8Array(this.memory.buffer).set(bytes, address);
    const value = (how.term ? opa_value_parse : opa_json_parse)(address, bytes.length);
    if (how.free) {
      opa_free(address);
      // What was given back may be anything from now on, as long as it does not lie in between.
      if (this.exports.opa_heap_ptr_get() <= address)
        new Uint8Array(this.memory.buffer).fill(0x5a, address, address + bytes.length);
    }
    return value;
  }

  dump(value: number): unknown {
    return JSON.parse(this.text(this.exports.opa_json_dump(value)));
  }
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
