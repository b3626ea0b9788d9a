/** What `writ vectors` prints: many reasons, the same every time, right by the reference and by stock OPA. */
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { load } from "../../src/cli/load.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { emit } from "../../src/compile.ts";
import { decide, type Model, normalise, type Policy, reasons } from "../../src/model/index.ts";
import { type Vectors, vectorsOf } from "../../src/vectors/index.ts";
import { askOpa } from "../agree/ask-opa.ts";
import { bigModel } from "../bench/big-model.ts";
import { opa, withOpa } from "../opa.ts";

const policy: Policy = { revision: "r1", sequence: 42, notBefore: 1_795_478_400, notAfter: 1_798_070_400 };
const nothing: Model = normalise({
  format: 1,
  tiers: [],
  issuers: [],
  identities: [],
  groups: [],
  scopes: [],
  apis: [],
  conditions: [],
  grants: [],
  denies: [],
  examples: [],
});

let model: Model;
let vectors: Vectors;
beforeAll(() => {
  model = load(nodeHost(), resolve(import.meta.dirname, "../../policies"), { emit: false }).compilation.model!;
  vectors = vectorsOf(model, policy, 1000);
});

function counted({ vectors }: Vectors): ReadonlyMap<string, number> {
  return new Map(
    [...Map.groupBy(vectors, ({ decision }) => decision.reason)].map(([reason, all]) => [reason, all.length]),
  );
}

describe("vectors of the sample estate", () => {
  test("are as many as asked for, no two the same", () => {
    expect(vectors.vectors).toHaveLength(1000);
    const asked = vectors.vectors.map(({ input, revocations }) => JSON.stringify([input, revocations]));
    expect(new Set(asked).size).toBe(1000);
    expect(vectorsOf(model, policy, 7).vectors).toHaveLength(7);
  });

  test("reach every reason that a loaded policy has, each at least ten times", () => {
    const found = counted(vectors);
    expect([...found.keys()].sort()).toEqual(reasons.filter((reason) => reason !== "policy-missing").toSorted());
    expect(Math.min(...found.values())).toBeGreaterThanOrEqual(10);
  });

  test("are allowed by whom the estate grants it, in every way to present oneself, with and without a condition", () => {
    const granted = vectors.vectors.filter(({ decision }) => decision.allow);
    expect(granted.length).toBeGreaterThan(50);
    const has = (part: string): boolean => granted.some(({ input }) => Object.hasOwn(input as object, part));
    expect(["token", "peer", "proof", "key"].filter(has)).toEqual(["token", "peer", "proof", "key"]);
    const grants = new Set(granted.flatMap(({ decision }) => (decision.allow ? decision.grants : [])));
    expect(model.grants.filter(({ name, when }) => when && grants.has(name)).length).toBeGreaterThan(3);
    expect(granted.some(({ decision }) => decision.allow && decision.emergency)).toBe(true);
    expect(granted.some(({ decision }) => decision.allow && Object.keys(decision.headers).length > 0)).toBe(true);
  });

  test("stand together where they know the same of revocations, and say what the reference decides", () => {
    const places = vectors.vectors.map(({ revocations }) => revocations);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(new Set(places).size).toBe(vectors.revocations.length);
    for (const { input, revocations, decision } of vectors.vectors)
      expect(decide({ model, policy, revocations: vectors.revocations[revocations] ?? undefined }, input)).toEqual(
        decision,
      );
  });

  test("are plain JSON that every host can read", () => {
    const text = JSON.stringify(vectors);
    expect(JSON.parse(text)).toEqual(vectors);
    // Some parsers refuse a whole file for one half of a pair.
    expect(text).not.toMatch(/\\ud[89a-f]/i);
  });

  test("are the same for the same estate", () => {
    expect(JSON.stringify(vectorsOf(structuredClone(model), { ...policy }, 1000))).toBe(JSON.stringify(vectors));
  });
});

describe.skipIf(opa === undefined)(withOpa("vectors in stock OPA"), () => {
  test("are what its Rego decides", () => {
    const asked = vectors.vectors.map(({ input, revocations }) => {
      const known = vectors.revocations[revocations];
      return { policy, input, ...(known !== null && { revocations: known }) };
    });
    const { artefacts } = emit(model);
    const rego = artefacts.filter(({ path }) => path === "policy.rego" || path === "data.json");
    expect(askOpa(rego, asked).map(({ decision }) => decision)).toEqual(
      vectors.vectors.map(({ decision }) => decision),
    );
  });
});

describe("vectors of other estates", () => {
  test("are a thousand where there is nothing but one public operation", () => {
    const operation = {
      name: "GET /healthz",
      method: "GET",
      template: "/healthz",
      public: true,
      scopes: [],
      minTrust: 0,
    };
    const health: Model = {
      ...nothing,
      apis: [{ name: "a", host: "a.example.com", operations: [operation], headers: [] }],
    };
    const found = vectorsOf(health, policy, 1000);
    expect(found.vectors).toHaveLength(1000);
    expect(counted(found).get("granted")).toBeGreaterThan(50);
  });

  test("refuse where there is nothing at all", () => {
    const found = vectorsOf(nothing, policy, 1000);
    expect(found.vectors.length).toBeGreaterThan(500);
    expect(counted(found).has("granted")).toBe(false);
  });

  test("are as many and as varied where the estate is large", () => {
    const large = bigModel({ identities: 20_000, operations: 2_000, grants: 2_000 });
    const found = vectorsOf(large.model, large.policy, 1000);
    expect(found.vectors).toHaveLength(1000);
    expect(counted(found).size).toBeGreaterThan(20);
  });
});
