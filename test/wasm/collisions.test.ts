import { expect, test } from "vitest";
import { decide } from "../../src/model/index.ts";
import { engineOf, WasmEstate } from "../agree/ask-wasm.ts";
import { maker } from "../agree/maker.ts";
import { collisions, policy } from "./collisions.ts";

const found = collisions();
const engine = engineOf(maker);

test.each(found)("a hash never decides alone: $of", ({ model, revocations, declared, other }) => {
  const estate = new WasmEstate(maker, model, engine);
  for (const input of [declared, other]) expect(estate.ask({ policy, revocations, input }).differences).toEqual([]);
});

test("each name decides somewhere", () => {
  const decided = found.filter(
    ({ model, revocations, declared, other }) =>
      decide({ model, policy, revocations }, declared).reason !== decide({ model, policy, revocations }, other).reason,
  );
  expect(new Set(decided.map(({ of }) => of))).toEqual(new Set(found.map(({ of }) => of)));
});
