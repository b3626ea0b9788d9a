/** The list of revocations in pieces: their union is what is revoked, whatever comes and goes, and a change moves few bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ListedRevocation, type RevocationPath, readRevocations } from "../../src/protocol/index.ts";
import { Estate, EXPIRY_SKEW, keyOf } from "../../src/publish/estate.ts";
import { Pieces } from "../../src/publish/pieces.ts";
import { recordOf } from "../../src/publish/records.ts";

const token = (jti: string): RevocationPath => ["tokens", "corp", jti];

/** An estate of which the list alone is moved. */
class Listed {
  readonly estate = new Estate();
  pieces = Pieces.of([]);
  now = 1_000_000;

  revoke(entries: readonly { readonly path: RevocationPath; readonly value: number }[]): void {
    const by = { issuer: "", subject: "", name: "", thumbprint: "" };
    const call = { key: String(this.estate.size), request: "" };
    this.estate.apply(recordOf("revoke", { at: this.now, by, call, reason: "because", entries }));
  }

  restore(path: RevocationPath): void {
    this.estate.revocations.delete(keyOf(path));
    this.estate.touched.add(keyOf(path));
  }

  follow(): void {
    this.estate.forgetExpired(this.now);
    this.pieces.follow(this.estate, this.now);
  }

  get files(): readonly { readonly path: string; readonly bytes: Uint8Array; readonly digest: string }[] {
    return this.pieces.files;
  }

  /** Of all pieces, without tokens that have expired. */
  get union(): readonly ListedRevocation[] {
    const entries = this.files.flatMap(({ bytes }) => readRevocations(bytes));
    return sorted(entries.filter(({ path, value }) => path[0] !== "tokens" || value + EXPIRY_SKEW >= this.now));
  }

  /** As another life reads it. */
  reload(): void {
    const files = this.files.map(({ path, bytes }) => ({
      first: Number(/\d+/.exec(path)![0]),
      entries: readRevocations(bytes),
    }));
    this.pieces = Pieces.of(files);
    for (const key of [...this.pieces.keys, ...this.estate.revocations.keys()]) this.estate.touched.add(key);
  }
}

function sorted(entries: Iterable<ListedRevocation>): readonly ListedRevocation[] {
  return [...entries].toSorted((a, b) => (keyOf(a.path) < keyOf(b.path) ? -1 : 1));
}

type Step =
  | { readonly kind: "tokens"; readonly from: number; readonly count: number; readonly life: number }
  | { readonly kind: "name"; readonly name: number }
  | { readonly kind: "restore"; readonly name: number }
  | { readonly kind: "pass"; readonly seconds: number }
  | { readonly kind: "reload" };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("tokens" as const),
    from: fc.nat(3000),
    count: fc.integer({ min: 1, max: 900 }),
    life: fc.integer({ min: 1, max: 4000 }),
  }),
  fc.record({ kind: fc.constant("name" as const), name: fc.nat(40) }),
  fc.record({ kind: fc.constant("restore" as const), name: fc.nat(40) }),
  fc.record({ kind: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ kind: fc.constant("reload" as const) }),
);

function take(listed: Listed, next: Step): void {
  const name = "name" in next ? (["identities", `name-${next.name}`] as const) : undefined;
  if (next.kind === "tokens") {
    const numbers = Array.from({ length: next.count }, (_, index) => next.from + index);
    listed.revoke(numbers.map((number) => ({ path: token(`jti-${number}`), value: listed.now + next.life })));
  } else if (next.kind === "name") listed.revoke([{ path: name!, value: listed.now }]);
  else if (next.kind === "restore") listed.restore(name!);
  else if (next.kind === "pass") listed.now += next.seconds;
  else listed.reload();
}

describe("the pieces of the list", () => {
  test("are together what is revoked, after any changes, expiries, restorations and restarts", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const listed = new Listed();
        for (const next of steps) {
          take(listed, next);
          listed.follow();
          expect(listed.union).toEqual(sorted(listed.estate.revocations.values()));
          const names = listed.files.map(({ path }) => path);
          expect(new Set(names).size).toBe(names.length);
          for (const { bytes } of listed.files) expect(readRevocations(bytes).length).toBeLessThanOrEqual(512);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("move one piece for one more entry, however many there are", () => {
    const listed = new Listed();
    listed.revoke(Array.from({ length: 20_000 }, (_, index) => ({ path: token(`jti-${index}`), value: 2_000_000 })));
    listed.follow();
    for (let round = 0; round < 600; round++) {
      const before = new Set(listed.files.map(({ digest }) => digest));
      listed.revoke([{ path: ["identities", `crawler-${round}`], value: listed.now }]);
      listed.follow();
      const moved = listed.files.filter(({ digest }) => !before.has(digest));
      expect(moved).toHaveLength(1);
      expect(moved[0]!.bytes.length).toBeLessThan(64 * 1024);
    }
  });

  test("move the piece that loses an entry, and no other", () => {
    const listed = new Listed();
    listed.revoke(Array.from({ length: 2000 }, (_, index) => ({ path: ["identities", `name-${index}`], value: 1 })));
    listed.follow();
    const before = new Set(listed.files.map(({ digest }) => digest));
    listed.restore(["identities", "name-700"]);
    listed.follow();
    expect(listed.files.filter(({ digest }) => !before.has(digest))).toHaveLength(1);
    expect(listed.union).toHaveLength(1999);
  });

  test("drop tokens only when more than half of a piece has expired", () => {
    const listed = new Listed();
    const ends = (index: number) => listed.now + (index < 250 ? 100 : 10_000);
    listed.revoke(Array.from({ length: 500 }, (_, index) => ({ path: token(`jti-${index}`), value: ends(index) })));
    listed.follow();
    const [before] = listed.files;
    listed.now += 200;
    listed.follow();
    expect(listed.files[0]!.digest).toBe(before!.digest);
    expect(listed.estate.revocations.size).toBe(250);
    listed.now += 10_000;
    listed.follow();
    expect(listed.files).toEqual([]);
  });

  test("stay few when most entries go one by one", () => {
    const listed = new Listed();
    const names = Array.from({ length: 10_000 }, (_, index) => ["identities", `name-${index}`] as const);
    listed.revoke(names.map((path) => ({ path, value: 1 })));
    listed.follow();
    for (const [index, path] of names.entries()) {
      if (index % 500 === 0) continue;
      listed.restore(path);
      listed.follow();
    }
    expect(listed.union).toHaveLength(20);
    expect(listed.files.length).toBeLessThanOrEqual(2);
  });

  test("have room for names of any length and any characters", () => {
    const listed = new Listed();
    listed.revoke(
      Array.from({ length: 600 }, (_, index) => ({
        path: token(`${index}${"\u2028".repeat(1020)}`),
        value: 2_000_000,
      })),
    );
    listed.follow();
    expect(listed.union).toHaveLength(600);
  });
});
