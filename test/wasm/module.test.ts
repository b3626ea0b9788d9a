/** A module taken apart, looked at, put under another policy and run, as the commands do it. */
import { expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import { decide, type Policy } from "../../src/model/index.ts";
import {
  assembleModule,
  emitWasm,
  engineBytes,
  inspectModule,
  ModuleRun,
  packTables,
  readTables,
  replaceTables,
  takeApart,
  underPolicy,
} from "../../src/wasm/index.ts";
import { bigModel } from "../bench/big-model.ts";

const { model, policy, revocations, input } = bigModel({ identities: 20, operations: 20, grants: 20 });
const [artefact] = emitWasm(model, { policy });
const module = artefact!.bytes;
const { engine, tables } = takeApart(module);

test("holds the tables that were packed, and the engine that is the same for every policy", () => {
  expect([artefact!.path, tables]).toEqual(["policy.wasm", packTables(model, policy)]);
  const other = emitWasm({ ...model, grants: [] }, { policy: { ...policy, revision: "r2" } })[0]!;
  expect(takeApart(other.bytes).engine).toEqual(engine);
  expect(inspectModule(module)).toEqual({
    engine,
    tables: { version: 1, bytes: tables.length, revision: policy.revision, sequence: policy.sequence },
  });
});

test("decides as the reference does, also when it is put together anew", () => {
  const expected = decide({ model, policy, revocations }, input);
  expect(expected).toMatchObject({ allow: true });
  for (const bytes of [module, assembleModule(engine, tables), assembleModule(engineBytes(), tables)]) {
    const run = new ModuleRun(bytes);
    expect(run.decide(input, revocations)).toEqual(expected);
    expect(run.decide(input, undefined)).toMatchObject({ reason: "revocations-stale" });
    expect(run.decide("x".repeat(1_000_000), revocations)).toMatchObject({ reason: "input-limit" });
    expect(run.decide(input, revocations)).toEqual(expected);
  }
  expect(new ModuleRun(assembleModule(engine)).decide(input, revocations)).toEqual(decide({ model }, input));
});

test.each<Policy>([
  { ...policy, revision: "" },
  { ...policy, revision: 'another "one" é', sequence: 1 },
  { ...policy, notAfter: 3 },
  { ...policy, notBefore: Number.MAX_SAFE_INTEGER, notAfter: Number.MAX_SAFE_INTEGER },
])("decides under another policy as if it had been packed for it (%j)", (other) => {
  const changed = underPolicy(tables, other);
  const { bytes: _, seed: __, ...read } = readTables(changed);
  const { bytes: ___, seed: ____, ...packed } = readTables(packTables(model, other));
  expect(read).toEqual(packed);
  const expected = decide({ model, policy: other, revocations }, input);
  expect(new ModuleRun(assembleModule(engine, changed)).decide(input, revocations)).toEqual(expected);
});

test("gives released content again the bytes that its first release would have had under that sequence", () => {
  const stamps = [1, 9, 12_345_678].map((sequence) => ({ ...policy, revision: `${sequence}-c0ffee`, sequence }));
  for (const from of stamps) {
    for (const to of stamps) {
      const moved = underPolicy(packTables(model, from), to);
      expect(moved).toEqual(packTables(model, to));
      expect(replaceTables(emitWasm(model, { policy: from })[0]!.bytes, moved)).toEqual(
        emitWasm(model, { policy: to })[0]!.bytes,
      );
    }
  }
  const nobody = { revision: "", sequence: 0, notBefore: 0, notAfter: 0 };
  expect(underPolicy(underPolicy(tables, policy), nobody)).toEqual(underPolicy(tables, nobody));
});

test("puts no tables into a module whose start is not the packer's", () => {
  const bent = module.slice();
  // What it does last: `drop` and `end`, after `data.drop`.
  const drop = Buffer.from(bent.buffer).indexOf(
    Buffer.of(0x1a, 0x0b),
    Buffer.from(bent.buffer).lastIndexOf("\xfc\t", -tables.length, "latin1"),
  );
  bent[drop] = 0x01;
  expect(() => replaceTables(bent, tables)).toThrow(WritError);
  expect(() => replaceTables(engine, tables)).toThrow(WritError);
});

test.each([0, 7, 8, 100, 1000])("says what is wrong with one that was cut off after %i bytes", (length) => {
  expect(inspectModule(module.slice(0, length))).toEqual({ problem: expect.stringContaining("`policy.wasm`") });
});

test("says that tables are damaged, and that a platform refuses an engine", () => {
  const damaged = tables.slice();
  damaged[300]! ^= 1;
  expect(inspectModule(assembleModule(engine, damaged))).toEqual({ problem: expect.stringContaining("digest") });
  const cut = module.slice();
  cut.fill(0xff, 200, 300);
  expect(() => new ModuleRun(cut)).toThrow(WritError);
});
