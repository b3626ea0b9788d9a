/** The automaton finds what trying every template in order of precedence finds. */
import { describe, expect, test } from "vitest";
import { comparePrecedence, matchTemplate, parseTemplate, type TemplateSegment } from "../../src/model/index.ts";
import {
  type AutomatonEntry,
  buildSegmentAutomaton,
  type SegmentAutomaton,
} from "../../src/model/segment-automaton.ts";
import { Random } from "../random.ts";

function template(text: string): readonly TemplateSegment[] {
  const segments = parseTemplate(text);
  if ("problem" in segments) expect.unreachable(`${text}: ${segments.problem}`);
  return segments as readonly TemplateSegment[];
}

function entries(texts: readonly string[], key = "GET"): readonly AutomatonEntry<string>[] {
  return texts.map((text) => ({ start: "host", template: template(text), key, value: text }));
}

function build(list: readonly AutomatonEntry<string>[]): SegmentAutomaton<string> {
  const automaton = buildSegmentAutomaton(list);
  if ("tooLarge" in automaton) expect.unreachable("too large");
  return automaton as SegmentAutomaton<string>;
}

/** As a back end walks it: one step per segment, none beyond the depth. */
function find({ states, starts, depth }: SegmentAutomaton<string>, path: string, key = "GET"): string | undefined {
  let state = states[starts.get("host") ?? -1];
  for (const segment of path.slice(1).split("/").slice(0, depth)) {
    const next = state?.literals.get(segment) ?? (segment === "" ? undefined : state?.other);
    state = next === undefined ? undefined : states[next];
  }
  return state?.found.get(key);
}

describe("the segment automaton", () => {
  test.each([
    [["/a/{x}", "/a/b"], "/a/b", "/a/b"],
    [["/a/{x}", "/a/b"], "/a/c", "/a/{x}"],
    [["/{x}/b", "/a/{y}"], "/a/b", "/a/{y}"],
    // The more literal beginning does not match to the end: no way back is needed to find the other.
    [["/a/b/c", "/{x}/{y}/d"], "/a/b/d", "/{x}/{y}/d"],
    [["/a/{rest...}", "/a/{x}"], "/a/b", "/a/{x}"],
    [["/a/{rest...}", "/a/{x}"], "/a/b/c/d/e/f", "/a/{rest...}"],
    [["/a/{rest...}"], "/a/b/", "/a/{rest...}"],
    [["/a/{rest...}", "/a/b/"], "/a/b/", "/a/b/"],
    [["/a/{rest...}"], "/a/", undefined],
    [["/a/{rest...}"], "/a", undefined],
    [["/a/{x}"], "/a/", undefined],
    [["/a"], "/a/", undefined],
    [["/"], "/", "/"],
    [["/a"], "/b", undefined],
  ])("%j: %s is %s", (texts, path, found) => {
    expect(find(build(entries(texts)), path)).toBe(found);
  });

  test("a template for another key shadows nothing", () => {
    const automaton = build([...entries(["/a/b"], "POST"), ...entries(["/a/{x}"])]);
    expect(find(automaton, "/a/b")).toBe("/a/{x}");
    expect(find(automaton, "/a/b", "POST")).toBe("/a/b");
  });

  test("agrees with trying every template in order", () => {
    const random = new Random(3);
    let found = 0;
    for (let n = 0; n < 400; n++) {
      const list = randomEntries(random);
      const automaton = build(list);
      for (let m = 0; m < 40; m++) {
        const path = `/${Array.from({ length: random.int(1, 7) }, () => random.pick(["a", "b", "c"])).join("/")}${random.pick(["", "", "/"])}`;
        const key = random.pick(["GET", "POST"]);
        const expected = list
          .filter((entry) => entry.key === key && matchTemplate(entry.template, path.slice(1).split("/")))
          .sort((a, b) => comparePrecedence(a.template, b.template))[0];
        if (expected) found++;
        expect(find(automaton, path, key), `${path} in ${list.map((e) => e.value).join(" ")}`).toBe(expected?.value);
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  test("10,000 templates of one host need few states and little time", () => {
    const texts = Array.from({ length: 10_000 }, (_, n) => `/v1/area${n % 50}/r${n}/{tenant}/items`);
    const started = performance.now();
    const automaton = build(entries(texts));
    expect(performance.now() - started).toBeLessThan(3000);
    expect(automaton.states.length).toBeLessThan(40_000);
    expect(find(automaton, "/v1/area7/r7/t1/items")).toBe("/v1/area7/r7/{tenant}/items");
  });

  test("templates made to multiply states are told instead of filling the memory", () => {
    const texts = Array.from(
      { length: 24 },
      (_, n) => `/${Array.from({ length: 24 }, (_, m) => (m === n ? "a" : `{p${m}}`)).join("/")}`,
    );
    expect(buildSegmentAutomaton(entries(texts))).toEqual({ tooLarge: "host" });
  });
});

function randomEntries(random: Random): readonly AutomatonEntry<string>[] {
  const shapes = new Set<string>();
  const list: AutomatonEntry<string>[] = [];
  for (let n = random.int(1, 9); n > 0; n--) {
    const key = random.pick(["GET", "POST"]);
    const parts = Array.from({ length: random.int(1, 4) }, (_, m) =>
      random.chance(0.45) ? `{p${m}}` : random.pick(["a", "b", "c"]),
    );
    if (random.chance(0.3)) parts.push(random.pick(["{rest...}", ""]));
    const value = `/${parts.join("/")}`;
    const shape = `${key} ${value.replaceAll(/\{\w+/g, "{")}`;
    if (shapes.has(shape)) continue;
    shapes.add(shape);
    list.push({ start: "host", template: template(value), key, value });
  }
  return list;
}
