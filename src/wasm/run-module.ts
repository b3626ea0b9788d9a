/** Runs a module as any host of OPA policies does: JSON in, JSON out. For commands; a gateway has a shorter way. */
import { WritError } from "../diagnostics/index.ts";
import type { Decision } from "../model/index.ts";

/** The part of the platform's WebAssembly that is used here: it is no part of the language's own types. */
interface Platform {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

interface Memory {
  readonly buffer: ArrayBuffer;
}

interface Engine {
  readonly opa_malloc: (size: number) => number;
  readonly opa_json_parse: (address: number, length: number) => number;
  readonly opa_heap_ptr_get: () => number;
  readonly opa_heap_ptr_set: (address: number) => void;
  readonly opa_eval: (...parameters: readonly number[]) => number;
}

const { WebAssembly: platform } = globalThis as unknown as { readonly WebAssembly: Platform };
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The first of the entry points, and the first of the formats: JSON. */
const DECISION = 0;
const JSON_FORMAT = 0;

export class ModuleRun {
  readonly #memory: Memory;
  readonly #engine: Engine;
  readonly #base: number;

  /** @throws where a platform refuses the bytes */
  constructor(bytes: Uint8Array) {
    this.#memory = new platform.Memory({ initial: 2 });
    const ignore = (): number => 0;
    const abort = (address: number): never => {
      throw WritError.of("WRIT9006", { problem: this.#textAt(address) });
    };
    const env: Record<string, unknown> = { memory: this.#memory, opa_abort: abort };
    for (let arity = 0; arity <= 4; arity++) env[`opa_builtin${arity}`] = ignore;
    try {
      const instance = new platform.Instance(new platform.Module(bytes), { env });
      this.#engine = instance.exports as Engine;
      this.#base = this.#engine.opa_heap_ptr_get();
    } catch (cause) {
      throw cause instanceof WritError ? cause : WritError.of("WRIT9001", { fault: "engine" }, cause);
    }
  }

  /**
   * @param revocations what is known of them; absent: nothing is
   * @example new ModuleRun(bytes).decide({ time: 1795478400, request: { host: "a.example", method: "GET", path: "/" } }, { at: 1795478395, floor: 0 })
   */
  decide(input: unknown, revocations: unknown): Decision {
    const engine = this.#engine;
    engine.opa_heap_ptr_set(this.#base);
    const data = revocations === undefined ? {} : { revocations };
    const dataText = this.#write(JSON.stringify(data));
    const value = engine.opa_json_parse(dataText.address, dataText.length);
    const { address, length } = this.#write(JSON.stringify(input));
    const heap = engine.opa_heap_ptr_get();
    const answer = this.#textAt(engine.opa_eval(0, DECISION, value, address, length, heap, JSON_FORMAT));
    const [{ result }] = JSON.parse(answer) as [{ readonly result: Decision }];
    return result;
  }

  #write(text: string): { readonly address: number; readonly length: number } {
    const bytes = encoder.encode(text);
    const address = this.#engine.opa_malloc(bytes.length);
    new Uint8Array(this.#memory.buffer).set(bytes, address);
    return { address, length: bytes.length };
  }

  /** Up to the first NUL. */
  #textAt(address: number): string {
    const bytes = new Uint8Array(this.#memory.buffer, address);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }
}
