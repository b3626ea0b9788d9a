/** One way to load one policy, in a process of its own: how long it takes from bytes to the first decision, and what stays in memory. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openPolicy, readKeys } from "../../src/gateway/index.ts";
import type { Input } from "../../src/model/index.ts";
import { loadPolicy, pagesFor } from "./contestants/opa-wasm.ts";
import { startPolicy } from "./contestants/writ.ts";
import type { Loaded, Patched } from "./load.ts";
import { quantile } from "./rounds.ts";

const [kind = "", folder = ""] = process.argv.slice(2);
const read = (name: string): Uint8Array => readFileSync(join(folder, name));
const json = (name: string) => JSON.parse(new TextDecoder().decode(read(name)));
const { input, revocations } = json("question.json");

type Decide = (input: Input) => { readonly allow: boolean };

/** From the bytes, which nobody else holds, to what decides. */
const ways: Readonly<Record<string, (bytes: Uint8Array) => Promise<Decide>>> = {
  "policy.wasm": async (bytes) => {
    const policy = await startPolicy(bytes, { revocations });
    return (input) => policy.decide(input);
  },
  "bundle.tar.gz": async (bytes) => {
    const policy = await openPolicy(bytes, await readKeys(read("keys.json")));
    policy.setRevocations(revocations);
    return (input) => policy.decide(input);
  },
  "stock-sdk": async (bytes) => {
    const policy = loadPolicy(bytes);
    policy.setData({ revocations });
    return (input) => policy.evaluate(input, "writ/decision")[0]!.result as { allow: boolean };
  },
  "opa-data.json": async (bytes) => {
    const policy = loadPolicy(read("opa.wasm"), pagesFor(bytes.length));
    // As bytes the SDK takes them as they are.
    policy.setData(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    return (input) => policy.evaluate(input, "tuned/decision")[0]!.result as { allow: boolean };
  },
};

async function load(): Promise<Loaded> {
  const before = residentBytes();
  let bytes: Uint8Array | undefined = read(kind === "stock-sdk" ? "policy.wasm" : kind);
  const started = performance.now();
  const decide = await ways[kind]!(bytes);
  const { allow } = decide(input);
  const milliseconds = performance.now() - started;
  if (!allow) throw `${kind} refuses`;
  bytes = undefined;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const resident = residentBytes() - before;
  if (!decide(input).allow) throw `${kind} refuses later`;
  return { milliseconds, resident };
}

function residentBytes(): number {
  for (let i = 0; i < 3; i++) (globalThis as unknown as { gc: () => void }).gc();
  return process.memoryUsage().rss;
}

/** One revocation more, again and again, where many are held: through the gateway, and of the engine alone. */
async function patch(held: number): Promise<Patched> {
  const tokens = Object.fromEntries(Array.from({ length: held }, (_, n) => [tokenId(n), input.time]));
  const document = { ...revocations, tokens: { corp: tokens } };
  const module = read("policy.wasm");
  const policy = await startPolicy(module, { revocations: document });
  const gateway = clocked((n) =>
    policy.patchRevocations({ add: [{ path: ["tokens", "corp", tokenId(held + n)], value: input.time }] }),
  );
  const stock = loadPolicy(module);
  stock.setData({ revocations: document });
  const { exports } = stock.wasmInstance;
  let heap = stock.dataHeapPtr;
  const parse = (text: string): number => {
    const bytes = new TextEncoder().encode(text);
    const address = exports.opa_malloc!(bytes.length);
    new Uint8Array(stock.mem.buffer).set(bytes, address);
    const value = exports.opa_json_parse!(address, bytes.length);
    exports.opa_free!(address);
    return value;
  };
  const engine = clocked((n) => {
    exports.opa_heap_ptr_set!(heap);
    const value = parse(String(input.time));
    const path = parse(`["revocations","tokens","corp","${tokenId(held + n)}"]`);
    if (exports.opa_value_add_path!(stock.dataAddr, path, value) !== 0) throw "the engine takes no revocation";
    exports.opa_value_free!(path);
    heap = exports.opa_heap_ptr_get!();
  });
  return { gateway, engine };
}

const tokenId = (n: number): string => `5f0c1c0e-7d0b-4c53-9a44-${String(n).padStart(12, "0")}`;

function clocked(change: (n: number) => void): { p50: number; p99: number } {
  const times = Array.from({ length: 5_000 }, (_, n) => {
    const started = performance.now();
    change(n);
    return (performance.now() - started) * 1000;
  }).slice(1_000);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

process.send?.(kind === "patch" ? await patch(Number(process.argv[4])) : await load());
