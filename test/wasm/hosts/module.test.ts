/** What hosts see of a module before they call it, and that the same sources and tables always give the same bytes. */
import { describe, expect, test } from "vitest";
import { compileEngine } from "../../../src/wasm/generate-engine.ts";
import { assembleModule, engineBytes } from "../../../src/wasm/index.ts";
import { Host, platform } from "./host.ts";
import { module, questions, revocations, tables } from "./module.ts";

const engine = engineBytes();

describe("a module", () => {
  test("imports what OPA's own policies import, in their order", () => {
    expect(platform.Module.imports(new platform.Module(module))).toEqual([
      { module: "env", name: "opa_builtin0", kind: "function" },
      { module: "env", name: "opa_builtin1", kind: "function" },
      { module: "env", name: "opa_builtin2", kind: "function" },
      { module: "env", name: "opa_builtin3", kind: "function" },
      { module: "env", name: "opa_builtin4", kind: "function" },
      { module: "env", name: "opa_abort", kind: "function" },
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });

  test("exports every function of the interface, and nothing that starts by itself", () => {
    const exported = platform.Module.exports(new platform.Module(module));
    const names = (kind: string) =>
      exported.flatMap((e) => (e.kind === kind && !e.name.startsWith("writ_") ? [e.name] : [])).sort();
    expect(names("function")).toEqual([
      "builtins",
      "entrypoints",
      "eval",
      "opa_eval",
      "opa_eval_ctx_get_result",
      "opa_eval_ctx_new",
      "opa_eval_ctx_set_data",
      "opa_eval_ctx_set_entrypoint",
      "opa_eval_ctx_set_input",
      "opa_free",
      "opa_heap_blocks_restore",
      "opa_heap_blocks_stash",
      "opa_heap_ptr_get",
      "opa_heap_ptr_set",
      "opa_heap_stash_clear",
      "opa_json_dump",
      "opa_json_parse",
      "opa_malloc",
      "opa_value_add_path",
      "opa_value_dump",
      "opa_value_free",
      "opa_value_parse",
      "opa_value_remove_path",
    ]);
    expect(names("global")).toEqual(["opa_wasm_abi_minor_version", "opa_wasm_abi_version"]);
    expect(names("memory")).toEqual(["memory"]);
    const host = new Host(module, { initial: 2 });
    expect(host.exports.memory).toBe(host.memory);
    expect(host.dump(host.exports.builtins())).toEqual({});
    expect(host.dump(host.exports.entrypoints())).toEqual({ "writ/allow": 1, "writ/decision": 0 });
  });

  test("is the same each time", () => {
    expect(assembleModule(engineBytes(), tables)).toEqual(module);
    expect(assembleModule(engine)).not.toEqual(engine);
    expect(assembleModule(engine)).toEqual(assembleModule(engine));
  });

  test("comes from an engine that is the same each time", async () => {
    expect(await compileEngine()).toEqual(engine);
  });

  test("is small", () => {
    expect(engine.length).toBeLessThanOrEqual(32_768);
  });

  test("grows no more than what it needs, wherever the memory begins", () => {
    const needed = new Host(module, { initial: 2 }).memory.buffer.byteLength;
    expect(needed).toBeLessThanOrEqual(0x10000 + tables.length + 6 * 65_536);
    expect(new Host(module, { initial: needed / 65_536 }).memory.buffer.byteLength).toBe(needed);
  });

  test("stops where tables have no room, without a call of a host that is not ready", () => {
    const large = new Uint8Array(200_000);
    const without: string[] = [];
    expect(() => new Host(assembleModule(engine, large), { initial: 2, maximum: 3 })).toThrow("unreachable");
    expect(without).toEqual([]);
  });

  test("runs where there is no memory above the heap to be had", () => {
    const { exports, memory, ...host } = new Host(module, { initial: 2, maximum: 3 });
    expect(memory.buffer.byteLength).toBeLessThanOrEqual(3 * 65_536);
    expect(host.aborts).toEqual([]);
    expect(exports.builtins()).not.toBe(0);
  });
});

describe("tables", () => {
  const ask = (bytes: Uint8Array<ArrayBuffer>) => {
    const host = new Host(bytes, { initial: 2, grows: true });
    const data = host.parse(JSON.stringify({ revocations }));
    const heap = host.exports.opa_heap_ptr_get();
    const text = new TextEncoder().encode(JSON.stringify(questions[0]));
    host.write(heap, text);
    return JSON.parse(host.text(host.exports.opa_eval(0, 0, data, heap, text.length, heap + text.length, 0)));
  };

  test("that are not there are no policy", () => {
    expect(ask(assembleModule(engine))).toEqual([{ result: { allow: false, reason: "policy-missing" } }]);
  });

  test("that were damaged on their way are no policy", () => {
    expect(ask(module)[0].result.reason).toBe("granted");
    for (const place of [0, 4, 8, 12, 16, 40, 96, 150, tables.length - 1]) {
      const damaged = tables.slice();
      damaged[place]! ^= 1;
      expect(ask(assembleModule(engine, damaged))).toEqual([{ result: { allow: false, reason: "policy-missing" } }]);
    }
    for (const length of [0, 8, 192, tables.length - 8, tables.length - 1])
      expect(ask(assembleModule(engine, tables.slice(0, length)))[0].result.reason).toBe("policy-missing");
  });

  test("come into a module without any from a gateway, as often as it likes", () => {
    const host = new Host(assembleModule(engine), { initial: 2, grows: true });
    for (const [length, attached] of [
      [tables.length, 1],
      [0, 0],
      [2 ** 31, 0],
      [tables.length, 1],
    ] as const) {
      if (length < 2 ** 31) host.write(host.exports.writ_reserve(length), tables.subarray(0, length));
      expect(host.exports.writ_attach(length)).toBe(attached);
      const result = host.exports.writ_decide_json(0, 0, 0);
      expect(new DataView(host.memory.buffer).getUint32(result, true)).toBe(attached);
    }
  });
});
