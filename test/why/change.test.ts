import { describe, expect, it } from "vitest";
import { applyChanges, type Change, dateOf, inRequest, inWords } from "../../src/why/change.ts";
import { bases, estate, loaded } from "../decide/estate.ts";

const question = { loaded, input: bases.mtls };
const change = (part: Change["in"], at: readonly string[], to?: unknown): Change => ({
  in: part,
  at,
  words: "",
  ...(to !== undefined && { to }),
});

describe("applyChanges", () => {
  it("changes nothing of the original", () => {
    const before = JSON.stringify(question);
    applyChanges(question, [
      change("request", ["token", "exp"], 1),
      change("request", ["token", "jti"]),
      change("policy", ["sequence"], 1),
      change("revocations", ["grants", "a"], 1),
      change("estate", ["grants", "paymentsWrite"]),
    ]);
    expect(JSON.stringify(question)).toBe(before);
  });

  it("sets, adds and removes members, also where nothing was", () => {
    const { input } = applyChanges({ loaded, input: { a: { b: 1 }, c: 2 } }, [
      change("request", ["a", "b"], null),
      change("request", ["c"]),
      change("request", ["d", "e"], [1]),
    ]);
    expect(input).toEqual({ a: { b: null }, d: { e: [1] } });
  });

  it("sets members that are named like a prototype's", () => {
    const { input } = applyChanges({ loaded, input: {} }, [change("request", ["__proto__", "constructor"], 1)]);
    expect(JSON.stringify(input)).toBe('{"__proto__":{"constructor":1}}');
  });

  it("finds things of the estate by name and keys by id", () => {
    const { loaded: changed } = applyChanges(question, [
      change("estate", ["identities", "till", "keys", "k1", "created"], 5),
      change("estate", ["tiers", "partner", "trust"], 99),
      change("estate", ["grants", "acmeReads", "until"]),
      change("estate", ["denies", "noScanners"]),
      change("estate", ["grants", "new grant"], { name: "new grant" }),
    ]);
    const { identities, tiers, grants, denies } = changed.model;
    expect(identities.find((i) => i.name === "till")?.keys).toEqual([{ id: "k1", created: 5 }]);
    expect(tiers.find((t) => t.name === "partner")?.trust).toBe(99);
    expect(grants.find((g) => g.name === "acmeReads")).not.toHaveProperty("until");
    expect(grants.at(-1)).toEqual({ name: "new grant" });
    expect(denies.map((d) => d.name)).toEqual(["noNightRefunds"]);
    expect(identities).toHaveLength(estate.identities.length);
  });

  it("replaces a whole part", () => {
    const changed = applyChanges(question, [change("policy", [], { sequence: 1 }), change("revocations", [])]);
    expect(changed.loaded.policy).toEqual({ sequence: 1 });
    expect(changed.loaded.revocations).toBeUndefined();
  });
});

describe("words of a change", () => {
  it("say the place and the value, times with their date", () => {
    expect(inRequest(["token", "region"], "eu").words).toBe('`token.region` is "eu"');
    expect(inRequest(["token", "exp"], 1_795_478_400).words).toBe("`token.exp` is 1795478400 (2026-11-24T00:00:00Z)");
    expect(inRequest(["token", "jti"])).toEqual({
      in: "request",
      at: ["token", "jti"],
      words: "there is no `token.jti`",
    });
    expect(inWords("a\n\u001b[0m")).toBe('"a\\n\\u001b[0m"');
    expect(inWords(5, "trust")).toBe("5");
    expect(dateOf(0)).toBe("1970-01-01T00:00:00Z");
    expect(dateOf(2 ** 53 - 1)).toBe("9007199254740991 s");
  });
});
