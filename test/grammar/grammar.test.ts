/** The grammar itself: sound by Chevrotain's own checks, and what is generated from it fresh. */
import { Lexer } from "chevrotain";
import { describe, expect, test } from "vitest";
import { generated, read } from "../../grammar/generate.ts";
import { PolicyParser, tokens } from "../../grammar/index.ts";
import { table } from "../../src/diagnostics/index.ts";

test("the lexer and the parser pass the checks that are left out at start-up", () => {
  const lexer = new Lexer(tokens.tokenTypes, { positionTracking: "onlyOffset", ensureOptimizations: true });
  expect(lexer.lexerDefinitionErrors).toEqual([]);
  expect(() => new PolicyParser(false)).not.toThrow();
});

test.each([...generated()])("%s is fresh", (name, text) => {
  expect(read(name)).toBe(text);
});

describe("the reference", () => {
  const reference = read("README.md");

  test("names every construct that is refused", () => {
    const refused = Object.keys(table).filter((code) => /^WRIT1[1-4]/.test(code));
    const shown = [...reference.matchAll(/\| (WRIT\d{4}) \|/g)].map((match) => match[1]);
    // How a literal is cut short needs no row: there is nothing to write instead but its end.
    const obvious = ["WRIT1101", "WRIT1102", "WRIT1112"];
    expect(refused.filter((code) => !shown.includes(code) && !obvious.includes(code))).toEqual([]);
    expect(shown.filter((code) => !((code as string) in table))).toEqual([]);
  });

  test("shows the rules and the picture", () => {
    expect(reference).toContain("operation = operand { Operator operand } ;");
    expect(reference).toContain("(diagrams/grammar.svg)");
  });
});
