/** The list from its pieces: every change of it told as a change gives what it is as a whole, whatever pieces come and go. */
import { expect, test } from "vitest";
import { type Piece, RevocationList } from "../../src/client/revocation-list.ts";
import type { ListedRevocation, RevocationPath } from "../../src/protocol/index.ts";
import { Random } from "../random.ts";

const names = ["a", "b", "c", "__proto__", "constructor", "é"];

function randomPath(random: Random): RevocationPath {
  if (random.chance(0.5)) return ["tokens", random.pick(["corp", "hub", "__proto__"]), random.pick(names)];
  return [random.pick(["identities", "keys", "issuedBefore"] as const), random.pick(names)];
}

test("changes add up to the whole, and a token that was seen stays until it has expired", () => {
  const random = new Random(7);
  for (let round = 0; round < 60; round++) {
    const list = new RevocationList();
    const told = new Map<string, number>();
    /** When each token ends that was ever seen. */
    const seen = new Map<string, number>();
    let pieces = new Map<string, Piece>();
    let time = 1000;
    for (let step = 0; step < 30; step++) {
      pieces = new Map([...pieces].filter(() => random.chance(0.8)));
      for (let count = random.int(0, 3); count > 0; count--) {
        const entries: ListedRevocation[] = Array.from({ length: random.int(0, 4) }, () => {
          return { sequence: step, path: randomPath(random), value: time + random.int(-100, 200) };
        });
        pieces.set(`revocations/${random.int(1, 4)}.json`, { digest: `${step} ${count}`, entries });
      }
      time += random.int(0, 60);
      const { add, remove } = list.replace(pieces, time);
      for (const path of remove) expect(told.delete(JSON.stringify(path))).toBe(true);
      for (const { path, value } of add) told.set(JSON.stringify(path), value);

      expect(new Map(flat(list))).toEqual(told);
      const listed = [...pieces.values()].flatMap(({ entries }) => entries);
      for (const { path, value } of listed) {
        const key = JSON.stringify(path);
        expect(told.get(key)).toBeGreaterThanOrEqual(value);
        if (path[0] === "tokens") seen.set(key, Math.max(value, seen.get(key) ?? 0));
      }
      const keys = new Set(listed.map(({ path }) => JSON.stringify(path)));
      for (const key of told.keys()) expect(keys.has(key) || (seen.get(key) ?? 0) + 60 >= time).toBe(true);
      for (const [key, end] of seen) if (end + 60 >= time) expect(told.has(key)).toBe(true);
      expect(list.omitted.every(({ path }) => path[0] === "tokens" && !keys.has(JSON.stringify(path)))).toBe(true);
    }
  }
});

function* flat(list: RevocationList): Generator<readonly [string, number]> {
  for (const [name, entries] of Object.entries(list.document())) {
    for (const [key, value] of Object.entries(entries as Readonly<Record<string, unknown>>)) {
      if (typeof value === "number") yield [JSON.stringify([name, key]), value];
      else
        for (const [jti, end] of Object.entries(value as Readonly<Record<string, number>>))
          yield [JSON.stringify([name, key, jti]), end];
    }
  }
}
