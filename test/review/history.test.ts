/** Reads the difference of each step of the history as a reviewer does, and holds it to what people expected before there was any. */
import { describe, expect, test } from "vitest";
import { type Change, type ChangeKind, diffModels, kinds } from "../../src/diff/index.ts";
import type { Model } from "../../src/model/index.ts";
import { renderDifferenceMarkdown, reviewOf } from "../../src/review/index.ts";
import { type Expected, historyOf, modelOf, type What, type Who } from "./history.ts";

/** Stands for callers that are no identity, and for requests that are no operation. */
const none = "-";

function namesOf({ identities, groups }: Model, who: Who): readonly string[] {
  if (who.nobody) return [none];
  const members = (name: string): readonly string[] => groups.find((group) => group.name === name)!.members;
  const all =
    who.group === undefined ? identities : identities.filter(({ name }) => members(who.group!).includes(name));
  const tagged = who.tag === undefined ? all : all.filter(({ tags }) => tags.includes(who.tag!));
  const inside =
    who.outside === undefined ? tagged : tagged.filter(({ name }) => !members(who.outside!).includes(name));
  return who.names ?? inside.map(({ name }) => name).filter((name) => !who.but?.includes(name));
}

function operationsOf({ apis }: Model, what: What): readonly string[] {
  if (what.none) return [none];
  const all = apis.flatMap(({ name: api, host, operations }) =>
    operations.map((o) => ({ ...o, api, name: `${host} ${o.name}`, host })),
  );
  return (
    what.names ??
    all
      .filter((o) => !o.public && (what.all || (o.host === what.api && o.scopes.join() === what.scope)))
      .map(({ name }) => name)
  );
}

function pairsOf(identities: readonly string[], operations: readonly string[]): readonly string[] {
  return identities.flatMap((who) => operations.map((what) => `${who} → ${what}`));
}

/** Whoever needs no credential may be anybody. */
function whoOf({ identities, credentials }: Change, model: Model): readonly string[] {
  if (credentials.includes("none")) return [none, ...model.identities.map(({ name }) => name)];
  return identities.length === 0 ? [none] : identities;
}

function whatOf({ operations }: Change): readonly string[] {
  return operations.length === 0 ? [none] : operations;
}

const steps = historyOf();

test("the history has at least sixteen steps, each with a message of one line", () => {
  expect(steps.length).toBeGreaterThanOrEqual(16);
  for (const { message } of steps) expect(message).toMatch(/^[A-Z].{10,100}$/);
});

describe("the difference of a step of the history", () => {
  test.each(steps)("$name", ({ before, after, expected, message }) => {
    const [old, young] = [modelOf(before), modelOf(after)];
    const difference = diffModels(old, young);
    const { changes } = difference;
    for (const { causes } of changes) expect(causes).not.toEqual([]);
    for (const kind of kinds) {
      const named = changes
        .filter((change) => change.kind === kind)
        .flatMap((c) => pairsOf(whoOf(c, young), whatOf(c)));
      const wanted = (expected[kind] ?? []).flatMap(({ who, operations }) =>
        pairsOf(
          who.flatMap((part) => namesOf(young, part)),
          operations.flatMap((part) => operationsOf(young, part)),
        ),
      );
      expect({ kind, pairs: compact(named) }).toEqual({ kind, pairs: compact(wanted) });
      for (const part of expected[kind] ?? []) {
        for (const word of part.mentions ?? []) expect(saidOf(kind, part)).toContain(word);
      }
    }

    function saidOf(kind: ChangeKind, { who, operations }: Expected): string {
      const [identities, names] = [
        who.flatMap((part) => namesOf(young, part)),
        operations.flatMap((part) => operationsOf(young, part)),
      ];
      const about = changes.filter(
        (c) =>
          c.kind === kind &&
          c.identities.some((name) => identities.includes(name)) &&
          c.operations.some((name) => names.includes(name)),
      );
      return JSON.stringify(about.map(({ when }) => when));
    }

    const markdown = renderDifferenceMarkdown(
      reviewOf({ name: "before", model: old }, { name: message, model: young }, difference),
    );
    const lines = markdown.split("\n");
    expect(lines.length).toBeLessThan(60);
    const gains = changes.filter(({ kind }) => kind === "gain");
    const rows = lines.filter((line) => /^\| \d+ \| \*\*gain\*\*/.test(line));
    expect(rows.length).toBe(gains.length);
    for (const [row, { credentials, identities, operations }] of gains.entries()) {
      expect(rows[row]).toContain(credentials.includes("none") ? "anybody" : identities[0]);
      expect(rows[row]).toContain(operations[0]!.split(/[ /]/)[1]);
      if (operations.length > 1) expect(rows[row]).toMatch(/and .*`|and \d+ more/);
    }
  });
});

/** Each once. A change of what nobody is named for does not say that it is also about what is no operation. */
function compact(pairs: readonly string[]): readonly string[] {
  return [...new Set(pairs)].filter((pair) => pair !== `${none} → ${none}`).sort();
}
