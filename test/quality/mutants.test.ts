/** Careless edits: there is one of each kind, each does what it says, and each is judged as the whole estate would judge it. */
import { describe, expect, test } from "vitest";
import { diffModels } from "../../src/diff/index.ts";
import { compareText, decide, type Example, type Model } from "../../src/model/index.ts";
import { type Mutant, mutantKinds, mutantsOf, mutate } from "../../src/quality/index.ts";
import { pickEvenly } from "../../src/quality/mutants.ts";
import { partForExamples, representatives } from "../../src/quality/part.ts";
import { everythingWith } from "./estate.ts";

const read = `
example("a European workload reads", {
  by: "api-eu",
  call: "GET notes.example.com/tenants/t1/notes",
  at: "2026-05-01",
  claims: { region: "eu", tenant: "t1" },
  scopes: [notes.read],
  expect: { allow: true, grants: ["europeanReads"], headers: { "x-caller": "api-eu", "x-role": "reader" } },
});
`;
const { model, places } = everythingWith(read);
const mutants = mutantsOf(model, places);
const nameOf = ({ kind, of, words }: Mutant): string => `${kind} ${of.kind} ${of.name}: ${words}`;
const find = (name: string): Mutant => {
  const found = mutants.find((mutant) => nameOf(mutant) === name);
  expect(found, `${name} is not among\n${mutants.map(nameOf).join("\n")}`).toBeDefined();
  return found as Mutant;
};
const withoutNevers = ({ nevers: _, ...rest }: Model): Model => rest;

describe("careless edits", () => {
  test("are of every kind", () => {
    const kinds = new Set(mutants.map(({ kind }) => kind));
    expect(mutantKinds.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test("have a name of their own each, and are always in the same order", () => {
    const names = mutants.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(mutantsOf(model, places).map(nameOf)).toEqual(names);
  });

  test("know where what they edit is declared", () => {
    expect(mutants.filter(({ of }) => of.place?.path !== "notes.policy.ts").map(nameOf)).toEqual([]);
  });

  test("change the model, and leave the estate as it was", () => {
    const before = JSON.stringify(model);
    expect(mutants.filter((mutant) => JSON.stringify(mutant.make()) === before).map(nameOf)).toEqual([]);
    expect(JSON.stringify(model)).toBe(before);
  });

  test("leave every set in its order", () => {
    const sorted = (list: readonly { readonly name: string }[]): boolean =>
      list.every((one, i) => i === 0 || compareText(list[i - 1]?.name ?? "", one.name) < 0);
    const wrong = mutants.filter((mutant) => {
      const made = mutant.make();
      const lists = [made.tiers, made.issuers, made.identities, made.groups, made.apis, made.grants, made.denies];
      const sets = [...made.grants.map(({ scopes }) => scopes), ...made.groups.map(({ members }) => members)];
      return !lists.every(sorted) || !sets.every((set) => set.join() === [...new Set(set)].sort(compareText).join());
    });
    expect(wrong.map(nameOf)).toEqual([]);
  });

  test("do what they say", () => {
    const grantOf = (made: Model, name: string) => made.grants.find((grant) => grant.name === name);
    const longer = find("until-later grant europeanReads: `until` is a day later").make();
    expect(grantOf(longer, "europeanReads")?.until).toBe((grantOf(model, "europeanReads")?.until ?? 0) + 86_400);
    const dropped = find(
      'conjunct-dropped grant europeanReads: `r.claims.region === "eu"` is gone from its condition',
    ).make();
    expect(grantOf(dropped, "europeanReads")?.when).toEqual({ kind: "named", name: "ownTenant" });
    const moved = find(
      "comparison-moved grant writerWrites: `r.token.lifetime <= 1800` became `r.token.lifetime < 1800`",
    ).make();
    expect(JSON.stringify(grantOf(moved, "writerWrites")?.when)).toContain('"operator":"less"');
    const grown = find(
      'comparison-widened grant writerWrites: `["eu", "us"].includes(r.claims.region)` became `["eu", "us", "ap"].includes(r.claims.region)`',
    ).make();
    expect(JSON.stringify(grantOf(grown, "writerWrites")?.when)).toContain('["eu","us","ap"]');
    const halved = find(
      'comparison-widened deny noGuests: `cidr("203.0.113.0/24").contains(r.request.ip)` became `cidr("203.0.113.0/25").contains(r.request.ip)`',
    ).make();
    expect(JSON.stringify(halved.denies)).toContain("203.0.113.0/25");
    const standby = find("member-added group european: it takes in those of `fleet` with `standby` too").make();
    expect(standby.groups.find(({ name }) => name === "european")?.members).toEqual(["api-eu", "api-eu-dr"]);
    const wider = find("subject-widened identity writer: its subject is `spiffe://example.org/ns/notes/sa/*`").make();
    expect(wider.identities.find(({ name }) => name === "writer")?.subject).toBe("spiffe://example.org/ns/notes/sa/*");
    const open = find("made-public operation notes.example.com POST /tenants/{tenant}/notes: it is public").make();
    expect(open.apis.flatMap((api) => api.operations).filter((one) => one.public)).toHaveLength(2);
  });

  test("are none that the checker would refuse", () => {
    const names = mutants.map(nameOf);
    // A year is all that this tier allows, and below this trust a grant has to end.
    expect(names.filter((name) => /until-dropped grant (?:acmeReads|printerReads)/.test(name))).toEqual([]);
    expect(names).toContain("until-later grant acmeReads: `until` is a day later");
  });

  test("can be few, of all kinds as evenly as there are any", () => {
    const few = pickEvenly(mutants, mutantKinds.length);
    expect(few.map(({ kind }) => kind)).toEqual(mutantKinds);
    const some = pickEvenly(mutants, 60);
    expect(some).toHaveLength(60);
    expect(new Set(some).size).toBe(60);
    expect(pickEvenly(mutants, 10_000)).toEqual(mutants);
  });
});

describe("a part of an estate", () => {
  const asked: readonly Example[] = ["api-eu", "api-us", "writer"].flatMap((name) => {
    const identity = model.identities.find((one) => one.name === name);
    return ["notes.example.com/tenants/t1/notes", "other.example.com/tenants/t1", "notes.example.com/nowhere"].map(
      (call): Example => ({
        ...(model.examples[0] as Example),
        input: {
          time: 1_777_593_600,
          token: { ...model.examples[0]?.input.token, sub: identity?.subject, region: "us", scope: "notes:read" },
          peer: { "x5t#S256": "example" },
          request: { host: call.split("/")[0] ?? "", method: "GET", path: call.slice(call.indexOf("/")) },
        },
      }),
    );
  });

  test("decides examples as all of it does, whatever is edited", () => {
    const examples = [...model.examples, ...asked];
    const part = partForExamples(model, examples);
    for (const made of [model, ...mutants.map((mutant) => mutant.make())]) {
      for (const { policy, revocations, input } of examples)
        expect(decide({ model: part(made), policy, revocations }, input)).toEqual(
          decide({ model: made, policy, revocations }, input),
        );
    }
  });

  test("differs from its edit exactly where all of it does", () => {
    const wrong = mutants.filter((mutant) => {
      const made = mutant.make();
      const [before, after] = representatives(model, made);
      const [few, all] = [diffModels(withoutNevers(before), withoutNevers(after)), diffModels(model, made)];
      const kinds = (changes: typeof all.changes): string =>
        [...new Set(changes.map(({ kind }) => kind))].sort().join();
      return kinds(few.changes) !== kinds(all.changes);
    });
    expect(wrong.map(nameOf)).toEqual([]);
  });
});

describe("judging", () => {
  const mutation = mutate(model, places);
  const outcomeOf = (name: string) => mutation.judged.find(({ mutant }) => nameOf(mutant) === name);

  test("counts every edit once", () => {
    const { judged, noticed, unnoticed, equivalent, possible } = mutation;
    expect(noticed + unnoticed + equivalent).toBe(judged.length);
    expect(possible).toBe(mutants.length);
  });

  test("names the example that notices", () => {
    expect(outcomeOf("grant-dropped grant europeanReads: it is gone")).toMatchObject({
      outcome: "noticed",
      by: "a European workload reads",
    });
    expect(outcomeOf("header-dropped api notesApi: the header `x-role` is not sent")?.outcome).toBe("noticed");
  });

  test("shows by a request what nobody notices", () => {
    const judged = outcomeOf("deny-dropped deny noGuests: it is gone");
    expect(judged?.outcome).toBe("unnoticed");
    const [change] = judged?.outcome === "unnoticed" ? judged.changes : [];
    expect(change).toMatchObject({
      kind: "gain",
      witness: { before: { reason: "denied" }, after: { reason: "granted", grants: ["writerWrites"] } },
    });
  });

  test("does not count what changes no decision", () => {
    // Its key is made on the day from which the grant is in force.
    expect(outcomeOf("from-dropped grant printerReads: `from` is gone")?.outcome).toBe("equivalent");
    // Whoever is denied nothing by it loses nothing.
    expect(outcomeOf("deny-narrowed deny noGuests: it is not to `acme` any more")?.outcome).toBe("equivalent");
  });

  test("hears a `never` too", () => {
    const held = everythingWith(`${read}
never("partners never write", { by: acme, scopes: ["notes:{write,purge}"] });
`);
    const widened = mutate(held.model, held.places).judged.find(
      ({ mutant }) => mutant.kind === "scope-added" && mutant.of.name === "acmeReads",
    );
    expect(widened).toMatchObject({ outcome: "noticed", by: "partners never write" });
  });

  test("and one of a tier, where whoever comes into it has less than before", () => {
    const held = everythingWith(`${read}
const senior = tier({ trust: 90, authentication: ["mtls"], tokenLifetime: { bound: "5m" }, revocationDelay: "60s" });
never("seniors never write", { by: senior, scopes: [notes.write] });
`);
    const swapped = mutate(held.model, held.places).judged.find(
      ({ mutant }) => mutant.kind === "tier-swapped" && mutant.of.name === "writer",
    );
    expect(swapped).toMatchObject({ outcome: "noticed", by: "seniors never write" });
  });
});
