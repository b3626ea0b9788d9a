/** The calls that eleven hosts of OPA policies make, in their order: to load, to set data, to decide, to change data. */
import { assert } from "../../../src/diagnostics/index.ts";
import { Host, type Surroundings, utf8 } from "./host.ts";

export type EntryPoint = "writ/allow" | "writ/decision";

/** A policy as a program holds it. */
export interface Session {
  readonly host: Host;
  readonly setData: (data: unknown) => void;
  /** @returns what the answer holds; nothing where it is an empty set. Input that is not given at all is undefined. */
  readonly decide: (entryPoint: EntryPoint, input?: unknown) => unknown;
  readonly patch?: (path: readonly string[], value?: unknown) => number;
}

export interface Sequence {
  readonly name: string;
  readonly surroundings: Surroundings;
  readonly open: (host: Host, another: () => Host) => Session;
}

type EntryPoints = Readonly<Record<string, number>>;

export const sequences: readonly Sequence[] = [
  { name: "npm", surroundings: { initial: 5, println: true, grows: true }, open: openLikeNpm },
  { name: "Go", surroundings: { initial: 16, maximum: 65_535, println: true, grows: true }, open: openLikeGo },
  { name: "Rust", surroundings: { initial: 2, println: true, grows: true }, open: openLikeRust },
  {
    name: "OpaDotNet",
    surroundings: { initial: 2, println: true, grows: true, returns: true },
    open: openLikeOpaDotNet,
  },
  { name: "christophwille .NET", surroundings: { initial: 2 }, open: openLikeNpm },
  { name: "Python, wasmer", surroundings: { initial: 5, println: true }, open: openLikeNpm },
  { name: "Python, wasmtime", surroundings: { initial: 2024, maximum: 5120, println: true }, open: openLikeNpm },
  { name: "Styra Java", surroundings: { initial: 10, maximum: 65_536, grows: true }, open: openLikeStyraJava },
  { name: "sangkeon Java", surroundings: { initial: 5, println: true }, open: openLikeSangkeonJava },
  { name: "Zig", surroundings: { initial: 2, maximum: 65_536, positional: true }, open: openLikeZig },
  { name: "burrego", surroundings: { initial: 5, println: true, returns: true }, open: openLikeBurrego },
];

function openLikeNpm(host: Host): Session {
  const { exports } = host;
  host.dump(exports.builtins());
  let data = host.parse("{}");
  const base = exports.opa_heap_ptr_get();
  let heap = base;
  const entryPoints = host.dump(exports.entrypoints()) as EntryPoints;
  return {
    host,
    setData: (document) => {
      exports.opa_heap_ptr_set(base);
      data = host.parse(JSON.stringify(document));
      heap = exports.opa_heap_ptr_get();
    },
    decide: (entryPoint, input) => evaluateAt(host, heap, entryPoints[entryPoint]!, data, input),
  };
}

/** Input is written where the heap ends; nothing is set back. What is false is no input. */
function evaluateAt(host: Host, heap: number, entryPoint: number, data: number, input: unknown): unknown {
  const text = input ? utf8(JSON.stringify(input)) : new Uint8Array();
  if (input) host.write(heap, text);
  const address = host.exports.opa_eval(0, entryPoint, data, input ? heap : 0, text.length, heap + text.length, 0);
  return resultOf(JSON.parse(host.text(address)));
}

/** A second instance is the first one's bytes from the base to the heap pointer; patches go to each on its own. */
function openLikeGo(host: Host, another: () => Host): Session {
  const instances = [host, another()].map((instance) => {
    assert(instance.exports.opa_wasm_abi_version.value === 1, "the version is 1");
    assert(instance.exports.opa_wasm_abi_minor_version.value >= 1, "the minor version is at least 1");
    instance.exports.opa_malloc(0);
    return { instance, base: instance.exports.opa_heap_ptr_get(), heap: 0, data: 0 };
  });
  const [first, second] = instances as [(typeof instances)[0], (typeof instances)[0]];
  assert(first.base === second.base, "all instances have the same base");
  let entryPoints: EntryPoints = {};
  const load = (document: unknown): void => {
    for (const each of instances) each.instance.exports.opa_heap_stash_clear();
    first.instance.exports.opa_heap_ptr_set(first.base);
    first.data = first.instance.parse(JSON.stringify(document), { free: true, term: true });
    first.instance.exports.opa_heap_blocks_stash();
    first.heap = first.instance.exports.opa_heap_ptr_get();
    second.instance.write(second.base, new Uint8Array(first.instance.memory.buffer.slice(first.base, first.heap)));
    second.instance.exports.opa_heap_ptr_set(first.heap);
    second.heap = second.instance.exports.opa_heap_ptr_get();
    second.data = first.data;
  };
  load({});
  for (const { instance } of instances) {
    for (const value of [instance.exports.builtins(), instance.exports.entrypoints()]) {
      const text = instance.exports.opa_json_dump(value);
      entryPoints = JSON.parse(instance.text(text));
      instance.exports.opa_free(text);
    }
  }
  const evaluate = ({ instance, heap, data }: (typeof instances)[0], entryPoint: number, input: unknown): string => {
    const text = input === undefined ? new Uint8Array() : utf8(JSON.stringify(input));
    instance.write(heap, text);
    const end = heap + text.length;
    return instance.text(instance.exports.opa_eval(0, entryPoint, data, text.length ? heap : 0, text.length, end, 1));
  };
  return {
    host,
    setData: load,
    decide: (entryPoint, input) => {
      const [answer, other] = instances.map((each) => evaluate(each, entryPoints[entryPoint]!, input));
      assert(answer === other, "a copy decides as what it was copied from");
      return resultOf(readSet(answer!));
    },
    patch: (path, value) => {
      const codes = instances.map((each) => {
        const code = patchAt(each.instance, each.heap, each.data, path, value, true);
        each.heap = each.instance.exports.opa_heap_ptr_get();
        return code;
      });
      assert(codes[0] === codes[1], "a copy is patched as what it was copied from");
      return codes[0]!;
    },
  };
}

function patchAt(
  { exports, ...host }: Host,
  heap: number,
  data: number,
  path: readonly string[],
  value: unknown,
  term: boolean,
): number {
  exports.opa_heap_ptr_set(heap);
  exports.opa_heap_blocks_restore();
  const parse = (text: string) => Host.prototype.parse.call({ exports, ...host }, text, { free: true, term });
  const added = value === undefined ? undefined : parse(JSON.stringify(value));
  const place = parse(JSON.stringify(path));
  const code =
    added === undefined ? exports.opa_value_remove_path(data, place) : exports.opa_value_add_path(data, place, added);
  exports.opa_value_free(place);
  exports.opa_heap_blocks_stash();
  return code;
}

/** Reads `{{"result": X}}` or `set()`, as the parser of Rego does. */
export function readSet(text: string): readonly unknown[] {
  if (text === "set()") return [];
  assert(text.startsWith("{{") && text.endsWith("}}"), `a set of one object: ${text}`);
  return [JSON.parse(text.slice(1, -1))];
}

/** The length of a text counts its NUL. */
function openLikeRust(host: Host): Session {
  const { exports } = host;
  host.dump(exports.builtins());
  const entryPoints = host.dump(exports.entrypoints()) as EntryPoints;
  let data = host.parse("{}\0", { free: true });
  let heap = exports.opa_heap_ptr_get();
  return {
    host,
    setData: (document) => {
      data = host.parse(`${JSON.stringify(document)}\0`, { free: true });
      heap = exports.opa_heap_ptr_get();
    },
    decide: (entryPoint, input) => evaluateAt(host, heap, entryPoints[entryPoint]!, data, input),
  };
}

/** The address of data is the base until data is set. */
function openLikeOpaDotNet(host: Host): Session {
  const { exports } = host;
  const dumpFreed = (value: number) => {
    const text = exports.opa_json_dump(value);
    const read = JSON.parse(host.text(text));
    exports.opa_free(text);
    return read;
  };
  const entryPoints = dumpFreed(exports.entrypoints()) as EntryPoints;
  dumpFreed(exports.builtins());
  const base = exports.opa_heap_ptr_get();
  let data = base;
  let heap = base;
  return {
    host,
    setData: (document) => {
      exports.opa_heap_ptr_set(base);
      data = host.parse(JSON.stringify(document), { free: true });
      heap = exports.opa_heap_ptr_get();
      exports.opa_heap_blocks_stash();
    },
    decide: (entryPoint, input) => {
      exports.opa_heap_ptr_set(heap);
      const answer = evaluateAt(host, heap, entryPoints[entryPoint]!, data, input);
      exports.opa_heap_ptr_set(heap);
      return answer;
    },
    patch: (path, value) => {
      const code = patchAt(host, heap, data, path, value, false);
      heap = exports.opa_heap_ptr_get();
      return code;
    },
  };
}

/** Step by step; without data it parses nothing, and gives back what that returned. */
function openLikeStyraJava(host: Host): Session {
  const { exports } = host;
  const listed = exports.builtins();
  const text = exports.opa_json_dump(listed);
  assert(host.text(text) === "{}", "no function of the host is needed");
  exports.opa_free(text);
  exports.opa_free(listed);
  const { opa_wasm_abi_version: version, opa_wasm_abi_minor_version: minor } = exports;
  assert(version.value === 1 && minor.value === 3, "the version is 1.3");
  const base = exports.opa_heap_ptr_get();
  const entryPoints = host.dump(exports.entrypoints()) as EntryPoints;
  let data = -1;
  let heap = base;
  const load = (json: string) => {
    if (data >= 0) exports.opa_value_free(data);
    exports.opa_heap_ptr_set(base);
    data = host.parse(json, { free: true });
    heap = exports.opa_heap_ptr_get();
  };
  return {
    host,
    setData: (document) => load(JSON.stringify(document)),
    decide: (entryPoint, input) => {
      if (data < 0) load("");
      exports.opa_heap_ptr_set(heap);
      const value = host.parse(input === undefined ? "" : JSON.stringify(input), { free: true });
      const context = exports.opa_eval_ctx_new();
      exports.opa_eval_ctx_set_data(context, data);
      exports.opa_eval_ctx_set_input(context, value);
      exports.opa_eval_ctx_set_entrypoint(context, entryPoints[entryPoint]!);
      assert(exports.eval(context) === 0, "the evaluation is fine");
      const result = exports.opa_eval_ctx_get_result(context);
      const dumped = exports.opa_json_dump(result);
      const answer = host.text(dumped);
      exports.opa_free(dumped);
      exports.opa_free(result);
      return resultOf(JSON.parse(answer));
    },
  };
}

/** Takes its base after the first data. */
function openLikeSangkeonJava(host: Host): Session {
  const { exports } = host;
  host.dump(exports.builtins());
  const entryPoints = host.dump(exports.entrypoints()) as EntryPoints;
  let data = host.parse("{}");
  const base = exports.opa_heap_ptr_get();
  let heap = base;
  return {
    host,
    setData: (document) => {
      exports.opa_heap_ptr_set(base);
      // The length is that of the text in Java: less than its bytes where it is not ASCII.
      data = host.parse(JSON.stringify(document));
      heap = exports.opa_heap_ptr_get();
    },
    decide: (entryPoint, input) => evaluateAt(host, heap, entryPoints[entryPoint]!, data, input),
  };
}

/** A context before the input; never goes back to the base. */
function openLikeZig(host: Host): Session {
  const { exports } = host;
  host.dump(exports.builtins());
  const entryPoints = host.dump(exports.entrypoints()) as EntryPoints;
  let data = 0;
  let heap = exports.opa_heap_ptr_get();
  return {
    host,
    setData: (document) => {
      exports.opa_heap_ptr_set(heap);
      data = host.parse(JSON.stringify(document));
      heap = exports.opa_heap_ptr_get();
    },
    decide: (entryPoint, input) => {
      const answer = evaluateStepwise(host, entryPoints[entryPoint]!, data, input);
      exports.opa_heap_ptr_set(heap);
      return answer;
    },
  };
}

function evaluateStepwise(host: Host, entryPoint: number, data: number, input: unknown): unknown {
  const { exports } = host;
  const context = exports.opa_eval_ctx_new();
  if (input !== undefined) exports.opa_eval_ctx_set_input(context, host.parse(JSON.stringify(input)));
  if (data !== 0) exports.opa_eval_ctx_set_data(context, data);
  exports.opa_eval_ctx_set_entrypoint(context, entryPoint);
  assert(exports.eval(context) === 0, "the evaluation is fine");
  return resultOf(host.dump(exports.opa_eval_ctx_get_result(context)));
}

/** Sets data anew for every question. */
function openLikeBurrego(host: Host): Session {
  const { exports } = host;
  host.dump(exports.builtins());
  host.parse("{}");
  const base = exports.opa_heap_ptr_get();
  const entryPoints = host.dump(exports.entrypoints()) as EntryPoints;
  let document: unknown = {};
  return {
    host,
    setData: (next) => {
      document = next;
    },
    decide: (entryPoint, input) => {
      exports.opa_heap_ptr_set(base);
      const data = host.parse(JSON.stringify(document));
      return evaluateStepwise(host, entryPoints[entryPoint]!, data, input);
    },
  };
}

function resultOf(set: unknown): unknown {
  const [member, ...more] = set as readonly { readonly result: unknown }[];
  assert(more.length === 0, "at most one answer");
  return member?.result;
}
