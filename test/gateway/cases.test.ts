/** The tables of requests and decisions, by a gateway: every step, by an object and by its text. */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { Policy } from "../../src/gateway/policy.ts";
import { HeldRevocations } from "../../src/gateway/revocations.ts";
import { readTables } from "../../src/gateway/tables.ts";
import type { Policy as Facts, Model } from "../../src/model/index.ts";
import { engineBytes, packTables } from "../../src/wasm/index.ts";
import { type DecideCase, decideCases } from "../decide/cases.ts";
import { estate } from "../decide/estate.ts";

const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<object> } };
const engine = await WebAssembly.compile(engineBytes());
const opened = new Map<string, Policy>();

function policyOf({ model, policy }: { readonly model: Model; readonly policy?: unknown }): Policy {
  const key = JSON.stringify([policy, model === estate ? "" : model]);
  const known = opened.get(key);
  if (known) return known;
  const tables = packTables(model, policy as Facts);
  const created = Policy.start(engine, tables, readTables(tables));
  opened.set(key, created);
  return created;
}

/** What a publisher can have said: the cases also hold what nobody says, and gateways refuse to hold that. */
function revocationsOf({ loaded }: DecideCase): HeldRevocations | undefined {
  const held = new HeldRevocations();
  if (loaded.revocations === undefined) return held;
  try {
    held.set(loaded.revocations);
    return held;
  } catch (error) {
    expect(error).toMatchObject({ code: "WRIT9004" });
    return undefined;
  }
}

test("whole decisions are those of the tables", () => {
  const differences: unknown[] = [];
  let asked = 0;
  for (const item of decideCases()) {
    const { name, loaded, input, decision } = item;
    const revocations = revocationsOf(item);
    // A bundle always has a policy.
    if (decision.reason === "policy-missing" || !revocations) continue;
    const policy = policyOf(loaded);
    policy.share(revocations);
    const answers = [policy.decide(input as never)];
    if (input !== undefined) answers.push(policy.decideJson(JSON.stringify(input)));
    for (const answer of answers) {
      asked++;
      if (!isDeepStrictEqual(answer, decision)) differences.push({ name, answer, decision });
    }
  }
  expect(differences).toEqual([]);
  expect(asked).toBeGreaterThan(1500);
});
