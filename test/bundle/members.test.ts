/** Two readers that see two lists of files in one archive are a way around its signature: there is one list, or a refusal. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspect, LIMITS, readTar } from "../../src/bundle/index.ts";
import { type Entry, forgeGzip, forgeTar, utf8 } from "./forge.ts";
import { hasTar, listedByTar } from "./listed-by-tar.ts";

describe("B10 (R): no other list of members", () => {
  it("than the one that was written, for any names and contents", async () => {
    const segment = fc.stringMatching(/^[a-z0-9._-]{1,12}$/).filter((text) => text !== "." && text !== "..");
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    const files = fc.uniqueArray(fc.record({ path, bytes: fc.uint8Array({ maxLength: 2000 }) }), {
      selector: ({ path }) => path,
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(files, async (files) => {
        const bytes = forgeGzip(forgeTar(files.map(({ path, bytes }) => ({ name: `/${path}`, bytes }))));
        const found = await inspect(bytes).then(
          ({ files }) => files.map(({ path, size }) => ({ path, size })),
          (error) => error.reason,
        );
        if (typeof found === "string") expect(["bundle-kind", "bundle-manifest"]).toContain(found);
        else expect(found).toEqual(files.map(({ path, bytes }) => ({ path, size: bytes.length })));
      }),
    );
  });
});

describe.skipIf(!hasTar)("B10 (R): GNU tar, where we take an archive,", () => {
  const good: readonly Entry[] = [
    { name: "/.manifest", bytes: utf8('{"revision":"r"}') },
    { name: "/data.json", bytes: utf8("{}") },
    { name: "/policy.rego", bytes: utf8("package writ\n".repeat(100)) },
  ];
  /** Texts that mean something to some reader of tar, wherever they stand. */
  const text = fc.oneof(
    fc.constantFrom(
      "\0",
      " ",
      "0",
      "1",
      "5",
      "L",
      "x",
      "g",
      "7",
      "ustar  \0",
      "ustar\x0000",
      "/",
      "a",
      "../",
      "./",
      "\x80",
    ),
    fc.constantFrom(
      "00000000002\0",
      "         2 ",
      "2\0",
      "0000600\0",
      "0000644\0",
      "\xff".repeat(12),
      "/etc",
      "11 size=9\n",
    ),
    fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  );
  const field = fc.tuple(
    fc.constantFrom(0, 1, 9, 99, 100, 108, 116, 124, 135, 136, 148, 156, 157, 257, 263, 265, 297, 329, 337, 345, 500),
    text,
  );
  const entries = fc
    .array(fc.tuple(fc.nat(2), fc.array(field, { maxLength: 2 }), fc.array(field, { maxLength: 1 })), { maxLength: 2 })
    .map((edits) => {
      const list: Entry[] = good.map((entry) => ({ ...entry }));
      for (const [at, fields, lateFields] of edits) list[at] = { ...list[at]!, fields, lateFields };
      return list;
    });
  const archive = fc
    .tuple(
      entries,
      fc.nat(4),
      fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 1 }),
      fc.array(fc.nat(2), { maxLength: 4 }),
    )
    .map(([list, end, flips, order]) => {
      const tar = Uint8Array.from(forgeTar(order.length > 1 ? order.map((at) => list[at]!) : list, end));
      for (const [at, bit] of flips) tar[at % tar.length]! ^= 1 << bit;
      return tar;
    });

  it("lists the same members", () => {
    let taken = 0;
    fc.assert(
      fc.property(archive, (tar) => {
        let ours: readonly string[];
        try {
          ours = Array.from(readTar(tar, LIMITS), ([name, bytes]) => `/${name} ${bytes.length}`);
        } catch {
          return;
        }
        taken++;
        expect(listedByTar(tar)).toEqual(ours);
      }),
      { numRuns: 2000, seed: 10 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
