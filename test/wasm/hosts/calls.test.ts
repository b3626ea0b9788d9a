/** Calls in no sensible order, with addresses of anything that was not given back: the module answers each, and never stops. */
import { expect, test } from "vitest";
import { Random } from "../../random.ts";
import { Host, utf8 } from "./host.ts";
import { module, questions, revocations } from "./module.ts";

const texts = [
  JSON.stringify({ revocations }),
  JSON.stringify(questions[0]),
  '{"revocations":{}}',
  '{"revocations":{"at":1,"floor":1,"tokens":{"corp":{"\\u0041":1}}}}',
  '["revocations"]',
  '["revocations","keys","a"]',
  '["revocations","tokens","corp","\\n"]',
  '["x"]',
  "1",
  '"\\x01"',
  "{1, {2: 3}}",
  "[",
];

test.each([1, 2, 3, 4])("any calls (%i)", (part) => {
  let granted = 0;
  for (let seed = part * 1_000; seed < part * 1_000 + 200; seed++) granted += callOften(new Random(seed));
  expect(granted).toBeGreaterThan(0);
});

/** @returns how many decisions allowed */
function callOften(random: Random): number {
  const host = new Host(module, { initial: random.pick([2, 5]), grows: true });
  const { exports } = host;
  const base = exports.opa_heap_ptr_get();
  let held: number[] = [];
  let granted = 0;
  const strange = () =>
    random.pick([0, 1, 8, 16, base, 0x10000, base + random.int(0, 4_000), random.int(0, 2 ** 20), 2 ** 32 - 1]);
  const any = () => (held.length > 0 && random.chance(0.85) ? random.pick(held) : strange());
  const forget = (address: number) => {
    held = held.filter((other) => other !== address);
  };
  const acts: readonly (() => void)[] = [
    ...Array<() => void>(3).fill(() => {
      held.push(host.parse(random.pick(texts), { free: random.chance(0.5), term: random.chance(0.5) }));
    }),
    () => {
      const address = any();
      random.pick([exports.opa_free, exports.opa_value_free])(address);
      forget(address);
    },
    () => {
      const address = any();
      host.text(exports.opa_json_dump(address));
      host.text(exports.opa_value_dump(address));
    },
    ...Array<() => void>(2).fill(() => {
      const [data, path, value] = [any(), any(), any()];
      const code = exports.opa_value_add_path(data, path, value);
      expect([0, 2, 3]).toContain(code);
      // The value is the document's from now on.
      if (code === 0 && value !== data && value !== path) forget(value);
    }),
    () => expect([0, 3]).toContain(exports.opa_value_remove_path(any(), any())),
    () => void held.push(exports.opa_eval_ctx_new()),
    () => {
      const context = any();
      exports.opa_eval_ctx_set_data(context, any());
      exports.opa_eval_ctx_set_input(context, any());
      exports.opa_eval_ctx_set_entrypoint(context, random.int(0, 1));
      if (exports.eval(context) === 0) held.push(exports.opa_eval_ctx_get_result(context));
    },
    () => {
      const text = utf8(random.pick(texts));
      const heap = exports.opa_heap_ptr_get();
      host.write(heap, text);
      const end = heap + text.length;
      const [{ result }] = JSON.parse(host.text(exports.opa_eval(0, 0, any(), heap, text.length, end, 0)));
      if (result.allow) granted++;
    },
    () => {
      const size = random.int(0, 100);
      const address = exports.opa_malloc(size);
      new Uint8Array(host.memory.buffer).fill(0x22, address, address + size);
      held.push(address);
    },
    () => {
      if (random.chance(0.8)) return;
      exports.opa_heap_ptr_set(base + random.int(0, 9));
      // What lay there is nobody's any more: as in a fresh host.
      new Uint8Array(host.memory.buffer).fill(0, base);
      held = [];
    },
  ];
  for (let step = 0; step < 80; step++) random.pick(acts)();
  expect(host.aborts).toEqual([]);
  return granted;
}
