import { describe, expect, it } from "vitest";
import { isScopeName, parsePattern, splitScopes } from "../../src/model/index.ts";

describe("isScopeName", () => {
  const long = `a${"b".repeat(62)}`;
  it.each(["a:b", "orders:read", "a.b_c-d0:e", "a:b:c:d:e:f:g:h", `${long}:${long}`])("accepts %s", (name) =>
    expect(isScopeName(name)).toBe(true),
  );
  it.each([
    "",
    "a",
    ":",
    "a:",
    ":b",
    "orders::read",
    "Orders:read",
    "orders:Read",
    "orders:*",
    "orders:{a,b}",
    "1a:b",
    "-a:b",
    "a b:c",
    "a:b\n",
    "ä:b",
    "a:b:c:d:e:f:g:h:i",
    `${long}b:c`,
    `${long}:${long}:a`,
  ])("refuses %j", (name) => expect(isScopeName(name)).toBe(false));
});

describe("parsePattern", () => {
  it.each([
    ["", "a pattern has 2 to 8 segments separated by `:`"],
    ["**", "a pattern has 2 to 8 segments separated by `:`"],
    ["orders", "a pattern has 2 to 8 segments separated by `:`"],
    ["a:b:c:d:e:f:g:h:i", "a pattern has 2 to 8 segments separated by `:`"],
    ["**:x", "`**` may stand only last"],
    ["a:{}", "`{}` must hold names separated by `,`"],
    ["a:{b,}", "`{b,}` must hold names separated by `,`"],
    ["a:{b,*}", "`{b,*}` must hold names separated by `,`"],
    ["a:{b,b}", "`{b,b}` names an alternative twice"],
    ["a:b*", "`*` stands for a whole segment, never for a part of one"],
    ["a:***", "`*` stands for a whole segment, never for a part of one"],
    ["a:", "`` is not a segment: a lower-case letter, then letters, digits, `.`, `_`, `-`"],
    ["A:b", "`A` is not a segment: a lower-case letter, then letters, digits, `.`, `_`, `-`"],
    ["a:b?", "`b?` is not a segment: a lower-case letter, then letters, digits, `.`, `_`, `-`"],
  ])("refuses %j", (pattern, problem) => expect(parsePattern(pattern)).toEqual({ problem }));
});

describe("splitScopes (RFC 6749 §3.3)", () => {
  it.each<[string, readonly string[]]>([
    ["", []],
    ["a", ["a"]],
    ["a b", ["a", "b"]],
    ["a a", ["a", "a"]],
    ["orders:* Orders.Read {x}", ["orders:*", "Orders.Read", "{x}"]],
    ["!#[]~", ["!#[]~"]],
    ["__proto__ constructor", ["__proto__", "constructor"]],
  ])("splits %j", (text, expected) => expect(splitScopes(text)).toEqual(expected));

  it.each([" ", "a  b", " a", "a ", "a\tb", "a\nb", 'a"b', "a\\b", "é", "a\u007f", "a\u0000", "a\u00a0b"])(
    "refuses %j",
    (text) => expect(splitScopes(text)).toBeUndefined(),
  );

  it("accepts in a token exactly %x21 / %x23-5B / %x5D-7E", () => {
    const accepted = Array.from({ length: 256 }, (_, i) => i).filter(
      (i) => splitScopes(`x${String.fromCharCode(i)}`)?.length === 1,
    );
    const grammar = Array.from({ length: 256 }, (_, i) => i).filter(
      (i) => i === 0x21 || (i >= 0x23 && i <= 0x5b) || (i >= 0x5d && i <= 0x7e),
    );
    expect(accepted).toEqual(grammar);
  });
});
