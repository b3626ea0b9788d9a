/** One running engine with the tables of one policy: its memory, and what is written there and read from there. */
import { WritError } from "../diagnostics/index.ts";
import { TABLES } from "../wasm/index.ts";
import type { Change } from "./revocations.ts";
import { type EngineExports, type EngineModule, type Memory, platform } from "./web-assembly.ts";

const PAGE = 65_536;
/** For the texts of a request, and for lists of them. */
export const TEXT_ROOM = 65_536;
export const LIST_ROOM = 180_224;
const ROOM = TEXT_ROOM + LIST_ROOM;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Instance {
  readonly engine: EngineExports;
  readonly memory: Memory;
  /** Views of the memory; they end when it grows. */
  bytes!: Uint8Array<ArrayBuffer>;
  words!: Int32Array;
  doubles!: Float64Array;
  /** Where texts of a request are written, and `TEXT_ROOM` bytes further on the lists of them. */
  room = 0;
  /** Where the text is that was written last. */
  text = 0;
  texts!: Uint8Array<ArrayBuffer>;
  /** The document of revocations; 0 while nothing is known. */
  data = 0;
  readonly #length: number;
  /** Where the heap begins, and where it begins above what is known of revocations. */
  readonly #base: number;
  #heap: number;
  /** The end of the room. */
  #top = 0;

  private constructor(module: EngineModule, memory: Memory, length: number, fill: (memory: Memory) => void) {
    const ignore = () => 0;
    this.memory = memory;
    this.#length = length;
    const instance = new platform.Instance(module, {
      env: {
        memory,
        opa_abort: (address: number) => this.#abort(address),
        opa_builtin0: ignore,
        opa_builtin1: ignore,
        opa_builtin2: ignore,
        opa_builtin3: ignore,
        opa_builtin4: ignore,
      },
    });
    this.engine = instance.exports as EngineExports;
    this.engine.writ_reserve(length);
    fill(memory);
    if (!this.engine.writ_attach(length)) throw WritError.of("WRIT9001", { fault: "tables" });
    this.#base = this.engine.opa_heap_ptr_get();
    this.#heap = this.#base;
    this.look();
  }

  /** INVARIANT: the tables are copied once, into their place; memory never has to grow for them. */
  static start(module: EngineModule, tables: Uint8Array): Instance {
    const memory = new platform.Memory({ initial: Math.ceil((TABLES + tables.length) / PAGE) + 8 });
    return new Instance(module, memory, tables.length, ({ buffer }) => new Uint8Array(buffer).set(tables, TABLES));
  }

  /** Another engine on the same tables: they stay where they are, and are measured anew, whatever the last engine did. */
  static restart(module: EngineModule, stopped: Instance): Instance {
    const { memory } = stopped;
    // The engine takes its own part of the memory for fresh.
    new Uint8Array(memory.buffer, 0, TABLES).fill(0);
    return new Instance(module, memory, stopped.#length, () => {});
  }

  /** Makes room for requests above what the engine holds, and looks at the memory anew. */
  look(): void {
    this.engine.opa_heap_ptr_set(this.#heap);
    this.room = this.engine.writ_prepare(ROOM);
    this.#top = this.room + ROOM;
    this.engine.opa_heap_ptr_set(this.#top);
    this.#view();
  }

  #view(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.texts = new Uint8Array(buffer, this.room, TEXT_ROOM);
  }

  /** Forgets the request before; what the engine allocates for the next one lies above the room. */
  begin(): void {
    this.engine.opa_heap_ptr_set(this.#top);
    this.refresh();
  }

  /** Whenever the engine ran, the memory may have grown: then these are views of what it was. */
  refresh(): void {
    if (this.bytes.length === 0) this.#view();
  }

  /** Writes a text as UTF-8, and says how long it is; it stands at `text`. */
  writeText(json: string | Uint8Array): number {
    const most = typeof json === "string" ? json.length * 3 : json.length;
    let texts = this.texts;
    this.text = this.room;
    if (most > TEXT_ROOM) {
      this.text = this.engine.writ_prepare(most);
      this.#view();
      texts = this.bytes.subarray(this.text, this.text + most);
    }
    if (typeof json === "string") return encoder.encodeInto(json, texts).written;
    texts.set(json);
    return json.length;
  }

  /** @param text the whole document, or nothing while nothing is known */
  setRevocations(text: string | undefined): void {
    this.data = 0;
    this.engine.opa_heap_ptr_set(this.#base);
    if (text !== undefined) this.data = this.#parse(text);
    this.#heap = this.engine.opa_heap_ptr_get();
    this.look();
  }

  /** INVARIANT: what a patch adds takes the place of what others removed, so the heap does not grow with patches. */
  changeRevocations(changes: readonly Change[]): void {
    const { engine, data } = this;
    engine.opa_heap_ptr_set(this.#heap);
    for (const { path, value } of changes) {
      const added = value === undefined ? undefined : this.#parse(value);
      const place = this.#parse(JSON.stringify(["revocations", ...path]));
      const code =
        added === undefined ? engine.opa_value_remove_path(data, place) : engine.opa_value_add_path(data, place, added);
      engine.opa_value_free(place);
      if (code !== 0) throw WritError.of("WRIT9006", { problem: `it can't change \`${path[0]}\`` });
    }
    this.#heap = engine.opa_heap_ptr_get();
    this.look();
  }

  #parse(text: string): number {
    const bytes = encoder.encode(text);
    const address = this.engine.opa_malloc(bytes.length);
    new Uint8Array(this.memory.buffer).set(bytes, address);
    const value = this.engine.opa_json_parse(address, bytes.length);
    this.engine.opa_free(address);
    if (value === 0) throw WritError.of("WRIT9006", { problem: "it can't read JSON" });
    return value;
  }

  #abort(address: number): never {
    const bytes = new Uint8Array(this.memory.buffer);
    const problem = decoder.decode(bytes.subarray(address, bytes.indexOf(0, address)));
    throw WritError.of("WRIT9006", { problem });
  }
}
