/** Tables that somebody made whole again after changing them: whatever one word says, the engine comes to an end soon. */
import { expect, test } from "vitest";
import type { Policy } from "../../src/model/index.ts";
import { maker } from "../agree/maker.ts";
import { utf8, WasmPolicy } from "../agree/wasm-policy.ts";
import { bases, loaded } from "../decide/estate.ts";
import { repair } from "../fuzz/bend-tables.ts";
import { processorTime } from "../processor-time.ts";

const honest = maker.pack(loaded.model, loaded.policy as Policy);
const text = utf8(JSON.stringify(bases.mtls));
const bare = () => new WasmPolicy(maker.assemble(maker.engine));

/** A search of as many slots as that once took 17 seconds, and a text as long as that two. */
const values = [0xffff_0000, 0xffff_ffff, 0x7fff_fff8];

test("no word of the tables makes a decision long", { timeout: 120_000 }, () => {
  let policy = bare();
  let [slowest, stopped, asked] = [0, 0, 0];
  for (let at = 0; at < honest.length; at += 4) {
    for (const value of values) {
      const tables = honest.slice();
      new DataView(tables.buffer).setUint32(at, value, true);
      repair(tables);
      const begin = processorTime();
      try {
        policy.attach(tables);
        policy.know(loaded.revocations);
        policy.decideOnly(text);
      } catch {
        stopped++;
        policy = bare();
      }
      asked++;
      slowest = Math.max(slowest, processorTime() - begin);
    }
  }
  expect(slowest).toBeLessThan(500);
  expect(asked).toBeGreaterThan(2_000);
  // The engine was reached: some of these lies lead it out of its memory.
  expect(stopped).toBeGreaterThan(50);
});
