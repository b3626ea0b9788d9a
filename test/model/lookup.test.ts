import { describe, expect, it } from "vitest";
import { type Grant, isPatternSubject, longestFirst, type Model } from "../../src/model/index.ts";
import { lookupIn } from "../../src/model/lookup.ts";
import { estate } from "../decide/estate.ts";

const lookup = lookupIn(estate);

describe("lookupIn", () => {
  it("is built once per model", () => {
    expect(lookupIn(estate)).toBe(lookup);
    expect(lookupIn({ ...estate })).not.toBe(lookup);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", ""])("finds nothing by the name %j", (name) => {
    expect(lookup.tier(name)).toBeUndefined();
    expect(lookup.issuerByUrl(name)).toBeUndefined();
    expect(lookup.identityOfToken("corp", name)).toBeUndefined();
    expect(lookup.identityOfToken(name, "acme-settlement")).toBeUndefined();
    expect(lookup.identityOfSpiffe(name)).toBeUndefined();
    expect(lookup.identityOfKey(name)).toBeUndefined();
    expect(lookup.operation(name, name, [name])).toBeUndefined();
    expect(lookup.grantsTo(name)).toEqual([]);
    expect(lookup.deniesTo(name)).toEqual([]);
    expect(lookup.condition(name)).toEqual({ kind: "present", fact: { kind: "parameter", name: "" } });
  });

  it("finds things of an estate that is named like a prototype", () => {
    const names = ["__proto__", "constructor", "toString"];
    const [tier] = estate.tiers;
    const [grant] = estate.grants;
    const [till] = estate.identities.filter((identity) => identity.name === "till");
    if (!tier || !grant || !till) return expect.unreachable();
    for (const name of names) {
      const model: Model = {
        ...estate,
        tiers: [{ ...tier, name }],
        identities: [{ ...till, name, tier: name, keys: [{ id: name, created: 1 }] }],
        groups: [{ name, members: [name] }],
        grants: [{ ...grant, name, to: { identities: [], groups: [name] } }],
      };
      const found = lookupIn(model);
      expect(found.tier(name)?.name).toBe(name);
      expect(found.identityOfKey(name)?.identity.name).toBe(name);
      expect(found.grantsTo(name).map((g) => g.name)).toEqual([name]);
    }
  });

  it("picks the exact subject, then the narrowest pattern, whatever their order", () => {
    for (const identities of [estate.identities, estate.identities.toReversed()]) {
      const { identityOfToken, identityOfSpiffe } = lookupIn({ ...estate, identities });
      const named = (id: string) => [identityOfToken("corp", id)?.name, identityOfSpiffe(id)?.name];
      expect(named("spiffe://example.org/ns/payments/sa/auditor")).toEqual(["auditor", "auditor"]);
      expect(named("spiffe://example.org/ns/payments/sa/x")).toEqual(["payments", "payments"]);
      expect(named("spiffe://example.org/ns/web/sa/x")).toEqual(["anyone", "anyone"]);
      expect(named("spiffe://example.org/ns/web/sa")).toEqual([undefined, undefined]);
    }
  });

  it("keeps subjects of two issuers apart, also where their names run together", () => {
    expect(lookup.identityOfToken("hub", "robot")?.name).toBe("robot");
    expect(lookup.identityOfToken("corp", "robot")).toBeUndefined();
    expect(lookup.identityOfToken("", "corp acme-settlement")).toBeUndefined();
    expect(lookup.identityOfSpiffe("robot")).toBeUndefined();
    const identities = estate.identities.map((i) => (i.name === "auditor" ? { ...i, subject: "spiffe://TD/x" } : i));
    expect(lookupIn({ ...estate, identities }).identityOfSpiffe("spiffe://TD/x")).toBeUndefined();
  });

  it("carries scopes under implication and translation", () => {
    const [hub, corp] = ["hub", "corp"].map((name) => estate.issuers.find((issuer) => issuer.name === name));
    if (!hub || !corp) return expect.unreachable();
    const carried = (issuer: typeof hub, ...names: string[]) => [...lookup.scopesOfToken(issuer, names)].sort();
    expect(carried(corp, "orders:write", "orders:*", "__proto__")).toEqual(["orders:read", "orders:write"]);
    expect(carried(corp, "Orders.ReadWrite.All")).toEqual(["orders:read", "orders:write"]);
    expect(carried(hub, "Orders.ReadWrite.All")).toEqual([]);
  });

  it("finds rules to an identity once, even when several of its groups have it", () => {
    const groups = ["g", "h"].map((name) => ({ name, members: ["till"] }));
    const [first] = estate.grants;
    if (!first) return expect.unreachable();
    const grants = [{ ...first, name: "twice", to: { identities: ["till"], groups: ["g", "h"] } }];
    expect(lookupIn({ ...estate, groups, grants }).grantsTo("till")).toHaveLength(1);
  });

  it("knows how patient a public operation is", () => {
    expect(lookup.publicDelay).toBe(60);
    expect(lookupIn({ ...estate, tiers: [] }).publicDelay).toBe(60);
    const tiers = estate.tiers.map((tier) => ({ ...tier, revocationDelay: tier.revocationDelay * 2 }));
    expect(lookupIn({ ...estate, tiers }).publicDelay).toBe(120);
  });
});

describe("longestFirst", () => {
  const grant = (name: string, until?: number) => ({ name, ...(until !== undefined && { until }) }) as Grant;
  it("orders by `until`, none last of all to end, then by name", () => {
    const sorted = [grant("c", 5), grant("b", 9), grant("a", 5), grant("e"), grant("d")].sort(longestFirst);
    expect(sorted.map((g) => g.name)).toEqual(["d", "e", "b", "a", "c"]);
  });
});

describe("isPatternSubject", () => {
  it.each([
    ["spiffe://td/*", true],
    ["spiffe://td/a", false],
    ["a*", false],
    ["*", false],
  ])("%s: %s", (subject, expected) => expect(isPatternSubject(subject)).toBe(expected));
});
