/** Holds the table of threats complete: each has its row and its tests, and each test that names one is right to. */
import { describe, expect, test } from "vitest";
import { filesOfTests, sourceOf, threatsInNames } from "./threat-names.ts";

/** How many there are of each kind. */
const counts = { T: 24, F: 27, B: 22, Q: 16, P: 19, D: 13, R: 7 };
const all = Object.entries(counts).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => `${kind}${String(index + 1).padStart(2, "0")}`),
);

interface Row {
  readonly id: string;
  readonly tried: string;
  readonly comes: string;
  readonly files: readonly string[];
  readonly where: string;
}

const rows: readonly Row[] = [
  ...sourceOf(".github/THREATS.md").matchAll(/^\| ([A-Z]\d\d) \| (.+?) \| (.+?) \| (.+?) \|$/gm),
].map(([, id = "", tried = "", comes = "", where = ""]) => ({
  id,
  tried,
  comes,
  where,
  files: [...where.matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file),
}));
const named = threatsInNames();

describe("the table of threats", () => {
  test("has a row for each threat, in order, and no other", () => {
    expect(all).toHaveLength(128);
    expect(rows.map(({ id }) => id)).toEqual(all);
  });

  test("names for each threat tests that name it", () => {
    const wrong = rows.flatMap(({ id, files }) =>
      files.filter((file) => !named.get(id)?.includes(file)).map((file) => `${id} in ${file}`),
    );
    expect(wrong).toEqual([]);
  });

  test("names a test for each threat", () => {
    expect(rows.filter(({ files }) => files.length === 0).map(({ id }) => id)).toEqual([]);
  });
});

describe("tests", () => {
  test("name threats that there are", () => {
    expect([...named.keys()].filter((id) => !all.includes(id))).toEqual([]);
  });

  test("are all run: none is left out, none runs alone", () => {
    const odd = filesOfTests().filter((file) =>
      /\b(?:test|it|describe)(?:\.\w+)*\.(?:skip|todo|only|fails)\b/.test(sourceOf(file)),
    );
    expect(odd).toEqual([]);
  });
});
