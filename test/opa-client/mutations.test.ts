/** Signed bundles that are spoilt at random, served to a real OPA: it refuses them, or it decides as the signed content does. */
import { expect, test } from "vitest";
import type { Entry } from "../bundle/forge.ts";
import { opa, withOpa } from "../opa.ts";
import { Random } from "../random.ts";
import { emission, forgeBundle } from "./estate.ts";
import { POLICY, World } from "./world.ts";

/** What the attacker would put in: the estate in which anybody writes orders of any tenant. */
const wanted = new Map(emission(900, { open: true }).artefacts.map(({ path, bytes }) => [`/${path}`, bytes]));

const names = [
  "/data.json",
  "/policy.rego",
  "/.manifest",
  "/x/data.json",
  "/x.rego",
  "/a/.manifest",
  "/.signatures.json",
];

const mutations: readonly ((random: Random, entries: Entry[]) => Entry[])[] = [
  (random, entries) => {
    const { entry, at } = picked(random, entries);
    const bytes = Uint8Array.from(entry.bytes);
    if (bytes.length > 0) bytes[random.int(0, bytes.length - 1)]! ^= 1 << random.int(0, 7);
    return entries.with(at, { ...entry, bytes });
  },
  (random, entries) => {
    const { entry, at } = picked(random, entries);
    return entries.with(at, { ...entry, bytes: entry.bytes.subarray(0, random.int(0, entry.bytes.length)) });
  },
  (random, entries) => entries.toSpliced(picked(random, entries).at, 1),
  (random, entries) => [...entries, picked(random, entries).entry],
  (random, entries) => {
    const { entry, at } = picked(random, entries);
    return entries.with(at, { ...entry, name: random.pick(names) });
  },
  (random, entries) => {
    const { entry, at } = picked(random, entries);
    return entries.with(at, { ...entry, name: random.pick([entry.name.slice(1), `.${entry.name}`, `/${entry.name}`]) });
  },
  (random, entries) => {
    const { entry, at } = picked(random, entries);
    return entries.with(at, { ...entry, bytes: wanted.get(entry.name) ?? entry.bytes });
  },
  (random, entries) => {
    const [name, bytes] = random.pick([...wanted]);
    return entries.toSpliced(random.int(0, entries.length), 0, { name: random.pick([name, ...names]), bytes });
  },
  (random, entries) => {
    const { entry, at } = picked(random, entries);
    return entries.with(at, { ...entry, type: random.pick(["1", "2", "5", "7", "L", "x", "g"]) });
  },
];

function picked(random: Random, entries: readonly Entry[]): { readonly entry: Entry; readonly at: number } {
  const at = random.int(0, entries.length - 1);
  return { entry: entries[at]!, at };
}

test.skipIf(opa === undefined)(withOpa("40 spoilt bundles change no decision of a stock OPA"), async () => {
  const world = await World.begin();
  const random = new Random(20_261_124);
  const fates = { activated: 0, refused: 0 };
  for (let sequence = 100; sequence < 140; sequence++) {
    const before = [await world.decide("own"), await world.decide("other")];
    const spoilt = forgeBundle(emission(sequence), {
      entries: (entries) => {
        let all = entries;
        for (let times = random.int(1, 2); times > 0; times--) all = random.pick(mutations)(random, all);
        return all;
      },
    });
    const fate = await world.server.serve(POLICY, spoilt);
    fates[fate]++;
    const { revision } = emission(sequence).policy;
    const expected = fate === "refused" ? before : before.map((decision) => ({ ...decision, revision }));
    expect([await world.decide("own"), await world.decide("other")], `bundle ${sequence}`).toEqual(expected);
    await world.recovers();
  }
  // Most are refused; an entry twice as a folder, or under another spelling of its name, may still be what was signed.
  expect(fates.refused).toBeGreaterThan(25);
  await world.end();
});
