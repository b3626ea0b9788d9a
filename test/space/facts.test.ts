import { describe, expect, it } from "vitest";
import type { Condition } from "../../src/model/index.ts";
import { Facts } from "../../src/space/facts.ts";
import { Scene } from "../../src/space/scene.ts";
import { Random } from "../random.ts";
import { askAll, wrongOfCells, wrongOfRequests } from "./facts.ts";
import { randomSetting } from "./random-facts.ts";
import {
  all,
  any,
  atLeast,
  claim,
  ends,
  equal,
  header,
  ip,
  isIn,
  less,
  not,
  parameter,
  path,
  present,
  same,
  setting,
  starts,
} from "./setting.ts";

const [tenant, region, plan] = [claim("tenant"), claim("region"), claim("plan")];
const [seats, groups] = [claim("seats"), claim("groups")];
const [inPath, id] = [parameter("tenant"), parameter("id")];
const age = { kind: "token", name: "age" } as const;
const yes: Condition = { kind: "constant", value: true };

describe("facts", () => {
  it("are exact: every request lies in one assignment of cells, and every possible assignment is a request", () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = new Random(seed);
      const drawn = randomSetting(random);
      const asked = askAll(drawn);
      const wrong = [...wrongOfRequests(random, drawn, asked, 30), ...wrongOfCells(random, drawn, asked, 30)];
      const { before, after, operation } = drawn;
      const shown = () => JSON.stringify({ before, after, segments: operation.segments, apart: operation.apart });
      expect(wrong[0] && { seed, wrong: wrong[0], setting: shown() }).toBeUndefined();
    }
  });

  it.each([
    ["an escape at the end of what is filled in", setting(ends(inPath, "9"), starts(inPath, "t"))],
    ["a prefix in the middle of an escape", setting(starts(path, "/v1/%C3"), starts(path, "/v1/%C3%A9"))],
    ["a suffix in the middle of an escape", setting(ends(path, "%A9"), ends(path, "9"))],
    ["a suffix that reaches back over the rest", setting(ends(path, "a/b/c"), yes, "/v1/{tenant}/{id...}")],
    [
      "what is filled in elsewhere as a literal",
      setting(same(inPath, tenant), equal(inPath, "tenant-in-token"), "/v1/{tenant}"),
    ],
    ["the greatest whole number", setting(same(seats, claim("limit")), atLeast(seats, Number.MAX_SAFE_INTEGER))],
    ["a claim that is as old as the token", setting(same(seats, age), all(less(seats, 3), not(equal(seats, 1))))],
    ["few numbers for many facts", setting(all(same(seats, claim("limit")), atLeast(seats, 5)), less(seats, 7))],
    ["few texts for two facts", setting(same(region, plan), isIn(plan, "eu", "us"))],
    ["a claim that is the path and another that is a part of it", setting(same(tenant, path), same(plan, inPath))],
    ["what is the path is no part of it", setting(all(same(tenant, path), same(tenant, plan)), same(plan, id))],
    ["chains", setting(any(same(tenant, plan), same(plan, inPath)), all(same(inPath, id), same(id, header("x-a"))))],
    [
      "a path that is asked what a claim is asked, after its segments were",
      setting(same(inPath, id), any(isIn(tenant, "/v1/x/a"), same(path, tenant))),
    ],
    [
      "a rest that is one segment",
      setting(same(id, inPath), starts(id, "a/"), "/v1/{tenant}/{id...}", ["/v1/a/b", "/v1/{x}/c/{y...}"]),
    ],
    ["lists and texts", setting({ kind: "includes", fact: groups, text: "a" }, not(present(groups)))],
  ])("are exact: %s", (_, given) => {
    const random = new Random(1);
    const asked = askAll(given);
    expect([...wrongOfRequests(random, given, asked, 300), ...wrongOfCells(random, given, asked, 300)]).toEqual([]);
  });

  it("are written even where what asks for them decides nothing", () => {
    const given = setting(same(inPath, id), yes);
    const facts = new Facts(given.caller, given.operation);
    facts.condition("before", given.before);
    const scene = new Scene(given.caller, given.operation, [], facts.possible());
    const [differ] = scene.variables
      .at(-1)!
      .cells.entries()
      .find(([, { values }]) => values[0] === false)!;
    const cells = scene.variables.map((_, i) => (i === scene.variables.length - 1 ? differ : 0));
    expect(scene.cellsOf(scene.question(cells))).toEqual(cells);
  });

  it("of a list of a thousand texts are a few cells", () => {
    const many = Array.from({ length: 1000 }, (_, n) => `v${n}`);
    const apart = many.flatMap((text) => [`/v1/{a}/${text}/{b}`, `/v1/z/{b}/${text}`]);
    const given = setting(
      all(same(plan, inPath), isIn(plan, ...many)),
      isIn(plan, ...many, "w"),
      "/v1/{tenant}/{id...}",
      apart,
    );
    const { scene } = askAll(given);
    expect(Math.max(...scene.variables.map(({ cells }) => cells.length))).toBeLessThan(20);
  });
});

describe("what a condition says in words", () => {
  it.each<[Condition, string]>([
    [equal(region, "eu"), 'claims.region is "eu"'],
    [not(equal(region, "ap")), 'claims.region is not "ap"'],
    [isIn(region, "eu", "us"), 'claims.region is not "ap"'],
    [equal(plan, "pro"), 'claims.plan is "pro"'],
    [not(equal(plan, "pro")), 'claims.plan is not "pro"'],
    [present(plan), "claims.plan is there"],
    [not(present(plan)), "claims.plan is absent"],
    [all(present(plan), not(equal(plan, "pro"))), 'claims.plan is there and is not "pro"'],
    [any(not(present(plan)), equal(plan, "pro")), 'claims.plan is absent or "pro"'],
    [all(starts(plan, "pro"), not(equal(plan, "pro-x"))), 'claims.plan starts with "pro" and is not "pro-x"'],
    [atLeast(seats, 100), "claims.seats is at least 100"],
    [less(seats, 100), "claims.seats is less than 100"],
    [all(atLeast(seats, 11), less(seats, 101)), "claims.seats is more than 10 and is at most 100"],
    [less(claim("limit"), 5), "claims.limit is less than 5"],
    [not(atLeast(claim("limit"), 5)), "claims.limit is not at least 5"],
    [equal(claim("flag"), true), "claims.flag is true"],
    [not(equal(claim("flag"), true)), "claims.flag is not true"],
    [{ kind: "includes", fact: groups, text: "admin" }, 'claims.groups includes "admin"'],
    [not({ kind: "includes", fact: groups, text: "admin" }), 'claims.groups does not include "admin"'],
    [same(tenant, inPath), 'params.tenant contains no "%" & params.tenant equals claims.tenant'],
    [not(same(tenant, inPath)), 'params.tenant contains no "%" & params.tenant differs from claims.tenant'],
    [starts(id, "x"), 'params.id contains no "%" and starts with "x"'],
    [starts(path, "/v1/acme/"), 'params.tenant is "acme"'],
    [isIn(id, ..."abcdefghij"), 'params.id is "a", "b", "c", "d", "e", "f", "g", "h", "i" or "j"'],
    [{ kind: "cidr", fact: ip, range: "203.0.113.0/24" }, "request.ip is in 203.0.113.0/24"],
    [not({ kind: "cidr", fact: ip, range: "203.0.113.0/24" }), "request.ip is an address and is not in 203.0.113.0/24"],
    [not(present(header("x-guest"))), "header x-guest is absent"],
    [equal(header("x-guest"), "a"), 'header x-guest is "a"'],
    [not(equal(header("x-guest"), "a")), 'header x-guest does not come more than once and is not "a"'],
  ])("%#: %s", (when, words) => {
    const { scene, formulas } = askAll(setting(yes, when));
    const [, , , fits, , holds] = formulas;
    const care = scene.diagrams.and(scene.possible, scene.draw(fits!));
    const cubes = scene.diagrams.cover(scene.diagrams.and(care, scene.draw(holds!)), care);
    expect(cubes.map((cube) => scene.words(cube, care).join(" & "))).toEqual([words]);
  });
});
