/** The part of the platform's WebAssembly that is used here, by its own names: it is no part of the language's own types. */

/** What `WebAssembly.compile` gives, or what an edge worker was deployed with. */
export type EngineModule = object;

export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface Platform {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Instance: new (
    module: EngineModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: unknown };
  readonly compile: (bytes: Uint8Array) => Promise<EngineModule>;
}

export const { WebAssembly: platform } = globalThis as unknown as { readonly WebAssembly: Platform };

/** What an engine offers; all numbers are addresses or lengths. */
export interface EngineExports {
  readonly writ_reserve: (length: number) => number;
  readonly writ_attach: (length: number) => number;
  readonly writ_slots: () => number;
  readonly writ_prepare: (length: number) => number;
  readonly writ_decide: (data: number) => number;
  readonly writ_decide_json: (data: number, address: number, length: number) => number;
  readonly opa_malloc: (size: number) => number;
  readonly opa_free: (address: number) => void;
  readonly opa_json_parse: (address: number, length: number) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_heap_ptr_set: (address: number) => void;
  readonly opa_value_free: (value: number) => void;
  readonly opa_value_add_path: (data: number, path: number, value: number) => number;
  readonly opa_value_remove_path: (data: number, path: number) => number;
}
