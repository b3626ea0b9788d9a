import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/model/index.ts";
import { checkInput, isObject, isTexts, isTime, own, utf8Length } from "../../src/model/input-shape.ts";

const request = { host: "a.example", method: "GET", path: "/" };
const minimal = { time: 0, request };
const problemOf = (value: unknown) => {
  const { input, problem } = checkInput(value);
  return input ? "fine" : problem;
};

describe("own", () => {
  it("never looks at a prototype", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
      expect(own({}, name)).toBeUndefined();
    expect(own(JSON.parse('{"__proto__":1}'), "__proto__")).toBe(1);
    expect(own(Object.create({ a: 1 }), "a")).toBeUndefined();
  });

  it("never looks at what JSON leaves out", () => {
    expect(own(Object.defineProperty({}, "a", { value: 1, enumerable: false }), "a")).toBeUndefined();
    expect(own(Object.defineProperty({}, "a", { value: 1, enumerable: true }), "a")).toBe(1);
  });
});

describe("isTime", () => {
  it.each([0, 1, 2 ** 53 - 1])("accepts %d", (value) => expect(isTime(value)).toBe(true));
  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1", null, undefined, 1n, [1]])(
    "refuses %s",
    (value) => expect(isTime(value)).toBe(false),
  );
});

describe("isObject and isTexts", () => {
  it("tell lists, null and objects apart", () => {
    expect([{}, [], null, "", 1].map(isObject)).toEqual([true, false, false, false, false]);
    expect([[], ["a"], ["a", 1], "a", { length: 0 }].map(isTexts)).toEqual([true, true, false, false, false]);
  });
});

describe("checkInput", () => {
  it("takes the least that is a question", () => {
    expect(checkInput(minimal).input).toEqual(minimal);
    expect(problemOf({ ...minimal, token: undefined, key: { id: undefined } })).toBe("fine");
  });

  const overhead = utf8Length(JSON.stringify({ ...minimal, more: "" })) - 1 + limits.numberBytes; // `time` counts as a number

  it.each([
    ["ASCII", "a", 1],
    ["two bytes", "é", 2],
    ["four bytes", "😀", 4],
    ["an escape", "\n", 2],
    ["an escape of six bytes", "\u0001", 6],
  ])("counts %s as JSON text in UTF-8, to the byte", (_, character, bytes) => {
    const room = limits.inputBytes - overhead;
    const whole = character.repeat(Math.floor(room / bytes)) + "a".repeat(room % bytes);
    expect(problemOf({ ...minimal, more: whole })).toBe("fine");
    expect(problemOf({ ...minimal, more: `${whole}a` })).toBe("input-limit");
  });

  it("counts names, numbers, commas and brackets, to the byte", () => {
    const value = (length: number) => ({
      time: 0,
      request,
      é: [1, true, false, null, {}, [[]]],
      b: "x".repeat(length),
    });
    const text = JSON.stringify(value(0));
    const size = utf8Length(text) + 2 * (limits.numberBytes - 1); // `time` and the 1
    expect(problemOf(value(limits.inputBytes - size))).toBe("fine");
    expect(problemOf(value(limits.inputBytes - size + 1))).toBe("input-limit");
  });

  it("bounds nesting, and is not drawn into a circle (B17)", () => {
    const nest = (depth: number): unknown => (depth === 0 ? 0 : [nest(depth - 1)]);
    expect(problemOf({ ...minimal, more: nest(31) })).toBe("fine");
    expect(problemOf({ ...minimal, more: nest(32) })).toBe("input-limit");
    expect(problemOf({ ...minimal, more: nest(5_000) })).toBe("input-limit");
    const circle: unknown[] = [];
    circle.push(circle, circle);
    expect(problemOf({ ...minimal, more: circle })).toBe("input-limit");
  });

  it("refuses what JSON cannot say", () => {
    const gaps = ["a"];
    gaps.length = 2;
    for (const more of [1n, () => 1, Symbol("a"), "\ud800", ["\udfff"], { "\ud800": 1 }, gaps, new Array(2 ** 32 - 1)])
      expect(problemOf({ ...minimal, more })).toBe("input-malformed");
    expect(problemOf(undefined)).toBe("input-malformed");
  });

  it("does not read members of a prototype", () => {
    expect(problemOf(Object.create(minimal))).toBe("input-malformed");
    expect(problemOf({ time: 0, request: Object.create(request) })).toBe("input-malformed");
    expect(problemOf(JSON.parse('{"__proto__":{"time":0},"request":{"host":"a","method":"b","path":"c"}}'))).toBe(
      "input-malformed",
    );
  });

  it("answers any JSON value at all", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(["input-malformed", "input-limit", "fine"]).toContain(problemOf(value));
      }),
    );
  });
});
