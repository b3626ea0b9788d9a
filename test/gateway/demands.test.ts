/** Modules that somebody signed and that ask for more than an engine may, and engines and inputs that want to be expensive. */
import { expect, test, vi } from "vitest";
import { openPolicy } from "../../src/gateway/index.ts";
import { takeApart } from "../../src/wasm/index.ts";
import { compileEngine } from "../agree/compile-engine.ts";
import { bases } from "../decide/estate.ts";
import { name, number, withMore, withSection } from "./bent-module.ts";
import { keys, now, release, wasmOf } from "./release.ts";

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<object>;
    Memory: new (size: object) => { readonly buffer: ArrayBuffer };
    Instance: new (module: object, imports: object) => object;
  };
};
const fresh = { at: now, floor: 0 };
const wasm = wasmOf();

const [MEMORY, TABLE, IMPORT, GLOBAL, START, ELEMENT, CODE, TAG] = [5, 4, 2, 6, 8, 9, 10, 13];

/** The last import is the memory: its kind, flags and least pages are the last bytes. */
const withMemory = (...limits: readonly number[]) =>
  withSection(wasm, IMPORT, (content) => [...content.slice(0, -3), 2, ...limits]);
const withImport = (...entry: readonly number[]) =>
  withSection(wasm, IMPORT, ([count, ...imports]) => [count! + 1, ...entry, ...imports]);
const FIRST_TYPE = [0, 0];

test.each<[string, () => Uint8Array]>([
  ["an unknown import", () => withImport(...name("env"), ...name("opa_println"), ...FIRST_TYPE)],
  ["an import of another kind", () => withImport(...name("env"), ...name("opa_abort"), 3, 0x7f, 0)],
  ["a second memory", () => withImport(...name("env"), ...name("other"), 2, 0, 1)],
  ["WASI", () => withImport(...name("wasi_snapshot_preview1"), ...name("fd_write"), ...FIRST_TYPE)],
  ["a start function of its own", () => withSection(wasm, START, () => number(7))],
  ["two start functions", () => withMore(wasm, { id: START, content: number(7) })],
  ["a shared memory", () => withMemory(3, 2, 16)],
  ["a memory of 64 bits", () => withMemory(4, 2)],
  ["more than 1,024 pages", () => withMemory(0, ...number(1025))],
  ["more than 1,024 pages, and a most", () => withMemory(1, ...number(1025), ...number(2048))],
  ["a memory of its own", () => withMore(wasm, { id: MEMORY, content: [1, 0, 1] })],
  ["a table", () => withMore(wasm, { id: TABLE, content: [1, 0x70, 0, ...number(10_000_000)] })],
  ["elements", () => withMore(wasm, { id: ELEMENT, content: [0] })],
  ["exceptions", () => withMore(wasm, { id: TAG, content: [0] })],
  ["too much code", () => withSection(wasm, CODE, withBody(300_000))],
  ["too many names", () => withMore(wasm, { id: 0, content: new Uint8Array(300_000) })],
])("B15 %s is refused before anything is compiled", async (_, bent) => {
  const compile = vi.spyOn(WebAssembly, "compile");
  const instantiate = vi.spyOn(WebAssembly, "Instance");
  try {
    const opening = openPolicy(await release({ wasm: bent() }), keys);
    await expect(opening).rejects.toMatchObject({
      code: "WRIT9001",
      reason: "wasm-refused",
      parameters: { fault: "demands" },
    });
    expect(compile).not.toHaveBeenCalled();
    expect(instantiate).not.toHaveBeenCalled();
  } finally {
    vi.restoreAllMocks();
  }
});

/** One more function in front, whose body does nothing for long. */
function withBody(size: number): (content: readonly number[]) => Uint8Array {
  return (content) => {
    // The section has more than 127 functions, so that their number takes two bytes.
    const count = (content[0]! & 0x7f) + (content[1]! << 7);
    const before = [...number(count + 1), ...number(size)];
    const whole = new Uint8Array(before.length + size + content.length - 2).fill(1);
    whole.set(before);
    whole.set(content.slice(2), before.length + size);
    return whole;
  };
}

test("B15 100 MiB of code are refused at once", () => {
  const large = withSection(wasm, CODE, withBody(100 * 1024 * 1024));
  const start = performance.now();
  expect(() => takeApart(large)).toThrow(expect.objectContaining({ code: "WRIT9001" }));
  expect(performance.now() - start).toBeLessThan(1000);
});

test("B15 a memory may have a most, and up to 1,024 pages", () => {
  expect(() => takeApart(withMemory(1, ...number(1024), ...number(2048)))).not.toThrow();
  expect(() => takeApart(withSection(wasm, GLOBAL, (content) => content))).not.toThrow();
});

test("a module that offers less than an engine does is refused", async () => {
  const EXPORT = 7;
  const bent = withSection(wasm, EXPORT, (content) => {
    const text = String.fromCharCode(...content).replace("writ_attach", "writ_detach");
    return Array.from(text, (unit) => unit.charCodeAt(0));
  });
  await expect(openPolicy(await release({ wasm: bent }), keys)).rejects.toMatchObject({
    code: "WRIT9001",
    parameters: { fault: "engine" },
  });
});

/** What the engine does when it is asked for a method: by its length and its first four letters. */
const mistakes = {
  "TRAP.": "unreachable();",
  ABORT: 'fail("it had to");',
  "GROW.": 'while (memory.grow(1024) >= 0) {}\nfail("no memory");',
};

let harmful: Promise<object> | undefined;

async function harmfulEngine(): Promise<object> {
  const lines = Object.entries(mistakes).map(([method, mistake]) => {
    const letters = new DataView(new TextEncoder().encode(method).buffer).getUint32(0, true);
    return `if (load<u32>(REQUEST, 28) === 5 && load<u32>(load<u32>(REQUEST, 24)) === ${letters}) { ${mistake} }`;
  });
  const from = "export function decide(data: usize): void {\n";
  const to = `import { fail } from "./memory.ts";\n${from}${lines.join("\n")}`;
  return WebAssembly.compile(await compileEngine({ file: "engine/decide.ts", from, to }));
}

test.each(Object.keys(mistakes))(
  "B16 an engine that stops on one input denies that one only: %s",
  async (method) => {
    harmful ??= harmfulEngine();
    const engine = await harmful;
    const faults: unknown[] = [];
    const policy = await openPolicy(await release(), keys, { engine, onFault: (fault) => faults.push(fault) });
    policy.setRevocations({ ...fresh, identities: { nobody: now } });
    const before = policy.decide(bases.mtls);
    expect(before).toMatchObject({ allow: true });
    const stopping = { ...bases.mtls, request: { ...bases.mtls.request, method } };
    for (let turn = 0; turn < 3; turn++) {
      expect(policy.decide(stopping)).toEqual({ allow: false, reason: "engine-fault", revision: "r7" });
      expect(policy.decide(bases.mtls)).toEqual(before);
      expect(policy.decideJson(JSON.stringify(bases.svid))).toMatchObject({ allow: true });
      policy.patchRevocations({ add: [{ path: ["keys", `k${turn}`], value: now }] });
    }
    expect(faults).toHaveLength(3);
  },
  60_000,
);

test("B17 inputs that want to be expensive are refused, and leave the memory as it is", async () => {
  const memories: { readonly buffer: ArrayBuffer }[] = [];
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(size: object) {
      super(size);
      memories.push(this);
    }
  };
  try {
    const faults: unknown[] = [];
    const policy = await openPolicy(await release(), keys, { onFault: (fault) => faults.push(fault) });
    policy.setRevocations(fresh);
    const { mtls } = bases;
    const claims = (more: object) => ({ ...mtls, token: { ...mtls.token, ...more } });
    const nested = JSON.parse(`${"[".repeat(64)}${"]".repeat(64)}`);
    const inputs = [
      { ...mtls, padding: "x".repeat(1024 * 1024) },
      claims(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`claim${index}`, index]))),
      claims({ deep: nested }),
      claims({ scope: Array.from({ length: 100_000 }, (_, index) => `s${index}`).join(" ") }),
    ].map((input) => ({ input, text: JSON.stringify(input) }));
    const ask = (): void => {
      for (const { input, text } of inputs)
        for (const decision of [policy.decide(input), policy.decideJson(text)])
          if (decision.reason !== "input-limit") throw decision;
    };
    ask();
    const [memory] = memories;
    const held = memory!.buffer.byteLength;
    const resident = process.memoryUsage().rss;
    for (let turn = 0; turn < 40; turn++) ask();
    // The shortest way to be refused, as often as the threat model says.
    for (let turn = 0; turn < 10_000; turn++) for (const { text } of inputs.slice(2, 3)) policy.decideJson(text);
    expect(memory!.buffer.byteLength).toBe(held);
    expect(memories).toHaveLength(1);
    expect(process.memoryUsage().rss - resident).toBeLessThan(64 * 1024 * 1024);
    expect(policy.decide(mtls)).toMatchObject({ allow: true });
    expect(faults).toEqual([]);
  } finally {
    WebAssembly.Memory = Memory;
  }
}, 120_000);

test("B17 a list of nothing but gaps, as long as a list can be, is refused at once", async () => {
  const policy = await openPolicy(await release(), keys);
  policy.setRevocations(fresh);
  const gaps = new Array(2 ** 32 - 1);
  const start = performance.now();
  for (const input of [
    { ...bases.mtls, padding: gaps },
    { ...bases.mtls, token: { ...bases.mtls.token, aud: gaps } },
    { ...bases.mtls, request: { ...bases.mtls.request, headers: { "x-channel": gaps } } },
  ])
    expect(policy.decide(input as never)).toMatchObject({ reason: "input-malformed" });
  expect(performance.now() - start).toBeLessThan(1000);
});
