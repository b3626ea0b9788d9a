/** TABLES.md says every number of the layout, and says it right. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as layout from "../../src/wasm/layout.ts";

const page = readFileSync(join(import.meta.dirname, "../../src/wasm/TABLES.md"), "utf8");
const constants = Object.entries(layout);

/** `| 12 | 4 | `NAME` |` and `| 3 | `NAME` |`, and `` `NAME` = 12 ``. */
const said = [
  ...page.matchAll(/^\| (?<value>\w+) \|(?:[ \d]* \|)? `(?<name>[A-Z\d_]+)`/gm),
  ...page.matchAll(/`(?<name>[A-Z\d_]+)` = (?<value>\w+)/g),
].map(({ groups }) => [groups?.name, Number(groups?.value)] as const);

describe("TABLES.md", () => {
  test("names every constant with its value", () => {
    expect(said.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1))).toEqual(
      constants.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  });

  test("lets no two members of a row overlap, and none lie beyond its end", () => {
    const tables = page.matchAll(/^\| offset .*\n\|.*\n(?<rows>(?:\|.*\n)+)/gm);
    for (const { groups } of tables) {
      let end = 0;
      for (const [, offset, size] of groups!.rows!.matchAll(/^\| (\d+) \| (\d*) ?\|/gm)) {
        expect(Number(offset)).toBeGreaterThanOrEqual(end);
        if (size === "8") expect(Number(offset) % 4).toBe(0);
        end = Number(offset) + Number(size);
      }
    }
  });
});
