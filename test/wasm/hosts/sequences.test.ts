/** Each host's own calls lead to the reference's decisions, in its own memory and with its own imports. */
import { describe, expect, test } from "vitest";
import { assert } from "../../../src/diagnostics/index.ts";
import { Host } from "./host.ts";
import { expected, module, questions, revocations } from "./module.ts";
import { type Sequence, sequences } from "./sequences.ts";

function open({ surroundings, open }: Sequence) {
  return open(new Host(module, surroundings), () => new Host(module, surroundings));
}

describe.each(sequences)("$name", (sequence) => {
  test("decides without data", () => {
    const session = open(sequence);
    for (const input of questions) {
      expect(session.decide("writ/decision", input)).toEqual(expected(input, null));
      expect(session.decide("writ/allow", input)).toBe(false);
    }
  });

  test("decides without input", () => {
    const session = open(sequence);
    session.setData({ revocations });
    expect(session.decide("writ/decision")).toEqual(expected(undefined));
    expect(session.decide("writ/allow")).toBe(false);
  });

  test("decides with data, again and again, whatever the data was before", () => {
    const session = open(sequence);
    for (let round = 0; round < 3; round++) {
      session.setData({ revocations });
      for (const input of [...questions, ...questions]) {
        expect(session.decide("writ/decision", input)).toEqual(expected(input));
        expect(session.decide("writ/allow", input)).toBe(true);
      }
      const tiers = { ...revocations, tiers: { workload: null } };
      session.setData({
        other: [{ deep: [[]] }],
        revocations: tiers,
        system: { bundles: { "é\u0000": "x".repeat(999) } },
      });
      for (const input of questions) expect(session.decide("writ/decision", input)).toEqual(expected(input, tiers));
      session.setData({ revocations: { ...revocations, at: 1 } });
      for (const input of questions)
        expect(session.decide("writ/decision", input)).toEqual(expected(input, { ...revocations, at: 1 }));
    }
    expect(session.host.aborts).toEqual([]);
  });

  test("decides about input as large as it may be", () => {
    const session = open(sequence);
    session.setData({ revocations });
    const [question] = questions as [(typeof questions)[0]];
    for (const length of [1_000, 30_000, 64_000, 65_536, 250_000]) {
      const input = { ...question, more: "é".repeat(length / 2) };
      expect(session.decide("writ/decision", input)).toEqual(expected(input));
    }
  });

  test("keeps its memory over many questions", () => {
    const session = open(sequence);
    session.setData({ revocations });
    const ask = () => questions.forEach((input) => void session.decide("writ/decision", input));
    ask();
    const before = session.host.memory.buffer.byteLength;
    for (let i = 0; i < 500; i++) ask();
    expect(session.host.memory.buffer.byteLength).toBe(before);
  });
});

describe.each(sequences.filter(({ name }) => name === "Go" || name === "OpaDotNet"))("$name", (sequence) => {
  test("changes data path by path", () => {
    const session = open(sequence);
    const { patch } = session;
    assert(patch, "this host patches");
    const known: Record<string, unknown> = { ...revocations };
    session.setData({ revocations: known });
    const check = () => {
      for (const input of questions) expect(session.decide("writ/decision", input)).toEqual(expected(input, known));
    };
    const steps: readonly (readonly [readonly string[], unknown, () => void])[] = [
      [["tokens", "corp", "j1"], 1, () => Object.assign(known, { tokens: { corp: { j1: 1 } } })],
      [["keys"], { thumb: 1 }, () => Object.assign(known, { keys: { thumb: 1 } })],
      [["tokens", "corp", "j1"], undefined, () => Object.assign(known, { tokens: { corp: {} } })],
      [["keys", "thumb"], undefined, () => Object.assign(known, { keys: {} })],
      [["floor"], 8, () => Object.assign(known, { floor: 8 })],
      [["floor"], 5, () => Object.assign(known, { floor: 5 })],
      [["at"], undefined, () => Reflect.deleteProperty(known, "at")],
      [["at"], 1_799_999_999, () => Object.assign(known, { at: 1_799_999_999 })],
    ];
    for (const [path, value, change] of steps) {
      expect(patch(["revocations", ...path], value)).toBe(0);
      change();
      check();
    }
    expect(patch(["elsewhere", "in", "the", "store"], { any: ["thing"] })).toBe(0);
    check();
  });
});
