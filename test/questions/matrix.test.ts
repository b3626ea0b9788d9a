/** The matrix says of each pair what the reference decides, and what it says does not depend on how an estate is written. */
import { describe, expect, test } from "vitest";
import { decide, type Model } from "../../src/model/index.ts";
import { accessMatrix } from "../../src/questions/index.ts";
import { policy } from "../diff/exact.ts";
import { randomPair } from "../diff/random-pair.ts";
import { requestSpace } from "../diff/request-space.ts";
import { Random } from "../random.ts";
import { model, modelOf, text } from "./estate.ts";

/** By identity and operation. */
function pairsOf(of: Model, most?: number) {
  const { matrix } = accessMatrix(of, {}, most);
  const found = new Map<string, (typeof matrix.accesses)[number]>();
  for (const caller of matrix.callers) {
    const cells = matrix.cells[caller.class] ?? [];
    for (const operation of matrix.operations)
      for (let at = 0; at < cells.length; at += 2)
        if (cells[at] === operation.class)
          found.set(`${caller.name} ${operation.name}`, matrix.accesses[cells[at + 1]!]!);
  }
  return found;
}

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 1000;

describe("the matrix of a small estate", () => {
  const pairs = pairsOf(model);
  const of = (identity: string, operation: string) => pairs.get(`${identity} orders.example.com ${operation}`);

  test("tells always, until, conditional, public and never apart", () => {
    expect(of("packer", "POST /v1/orders")).toEqual({ kind: "always", when: [[]], grants: ["shopOrders"], denies: [] });
    expect(of("reports", "GET /v1/orders/{id}")).toEqual({
      kind: "conditional",
      when: [['claims.region is "eu"'], ["from 2026-06-01 until 2026-07-01"]],
      grants: ["reading", "writesHere"],
      denies: [],
    });
    expect(of("printer", "GET /v1/orders/{id}")).toMatchObject({ kind: "until", until: day("2026-12-31") });
    expect(of("checkout", "POST /v1/orders/{id}/refund")).toEqual({
      kind: "conditional",
      when: [['claims.region is "eu"', "header x-guest is absent"]],
      grants: ["refunds", "shopOrders"],
      denies: ["noGuests"],
      until: day("2027-05-31"),
    });
    expect(of("printer", "GET /healthz")?.kind).toBe("public");
    expect(of("packer", "POST /v1/orders/{id}/refund")).toBeUndefined();
    expect(of("printer", "POST /v1/orders")).toBeUndefined();
  });

  test("leaves out what contradicts itself, unless it is read off the rules", () => {
    expect(of("reports", "POST /v1/orders/{id}/refund")).toBeUndefined();
    expect(pairsOf(model, 0).get("reports orders.example.com POST /v1/orders/{id}/refund")).toMatchObject({
      kind: "conditional",
    });
  });

  test("tells apart what a condition reads of the call", () => {
    const apart = pairsOf(
      modelOf(`${text}
const other = api("other.example.com", { operations: { "GET /v2/orders/{id}": orders.read } });
const clerk = identity({ tier: workload, issuer: corp, subject: "clerk", owner: "shop@example.com" });
export const clerks = grant({ to: clerk, scopes: [orders.read], when: (r) => r.request.host === "other.example.com" });
const porter = identity({ tier: workload, issuer: corp, subject: "porter", owner: "shop@example.com" });
export const porters = grant({ to: porter, scopes: [orders.read], when: (r) => r.request.path.startsWith("/v1/") });\n`),
    );
    const may = (name: string) => [...apart.keys()].filter((key) => key.startsWith(name) && !key.endsWith("healthz"));
    expect(may("clerk ")).toEqual(["clerk other.example.com GET /v2/orders/{id}"]);
    expect(may("porter ")).toEqual(["porter orders.example.com GET /v1/orders/{id}"]);
  });

  test("is the same whatever the order of the declarations", () => {
    const [head = "", ...rules] = text.split(/\n(?=export const \w+ = grant)/);
    const turned = modelOf([head, ...rules.toReversed()].join("\n"));
    expect(accessMatrix(turned)).toEqual(accessMatrix(model));
  });
});

test("what the reference allows stands in the matrix, what it never does not, and every example is allowed", () => {
  const random = new Random(7);
  const seen = { allowed: 0, refused: 0, shown: 0 };
  for (let round = 0; round < 60; round++) {
    const estate = randomPair(random).before;
    const { matrix, shown, exact } = accessMatrix(estate);
    expect(exact).toBe(true);
    const [pairs, read] = [pairsOf(estate), pairsOf(estate, 0)];
    for (const key of pairs.keys()) expect(read.has(key), key).toBe(true);
    for (const [number, { input, identity, operation }] of shown) {
      const decision = decide({ model: estate, policy, revocations: { at: input.time, floor: 0 } }, input);
      expect(decision).toMatchObject({ allow: true, identity, operation });
      expect(matrix.accesses[number]).toBeDefined();
      seen.shown++;
    }
    const space = requestSpace(estate, estate);
    for (let asked = 0; asked < 150; asked++) {
      const { input, revocations } = space.near(random, random.int(0, 2));
      const decision = decide({ model: estate, policy, revocations }, input);
      const { identity, operation } = decision;
      if (identity === undefined || operation === undefined) continue;
      const access = pairs.get(`${identity} ${operation}`);
      if (decision.allow) {
        expect(access, `${identity} ${operation}`).toBeDefined();
        seen.allowed++;
      } else if (access?.kind === "always") {
        // Whatever refuses it, it is how the call was presented, not a right that lacks.
        expect(["scope-not-granted", "grant-inactive", "condition", "denied", "trust"]).not.toContain(decision.reason);
        seen.refused++;
      }
    }
  }
  expect(seen.allowed).toBeGreaterThan(200);
  expect(seen.shown).toBeGreaterThan(60);
});
