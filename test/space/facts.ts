/** Holds what `Facts` says of a setting to what `evaluateCondition` says of single requests. */
import { isDeepStrictEqual } from "node:util";
import {
  type Condition,
  evaluateCondition,
  fitsClaim,
  type Input,
  isCanonicalPath,
  lookupIn,
  matchTemplate,
  own,
  pathSegments,
  type Read,
  readFactsOf,
} from "../../src/model/index.ts";
import { Facts } from "../../src/space/facts.ts";
import { and, type Formula, type Question } from "../../src/space/formula.ts";
import { Scene } from "../../src/space/scene.ts";
import { hasShape } from "../../src/space/texts.ts";
import { alive } from "../../src/space/times.ts";
import type { Random } from "../random.ts";
import { randomRequest, type Setting } from "./random-facts.ts";

export interface Asked {
  readonly scene: Scene;
  readonly facts: Facts;
  readonly formulas: readonly Formula[];
  /** In the order of `formulas`, what is true of the request. */
  readonly truth: (input: Input) => readonly (boolean | undefined)[];
}

const sides = ["before", "after"] as const;

export function askAll(setting: Setting): Asked {
  const { caller, operation } = setting;
  const facts = new Facts(caller, operation);
  const asked = sides.map((side) => ({ fits: facts.claimsFit(side), ...facts.condition(side, setting[side]) }));
  const formulas = asked.flatMap(({ fits, known, holds }) => [fits, known, holds]);
  const isToken = caller.credential === "token";
  const possible = and(facts.inClass(), facts.possible(), ...(isToken ? [alive()] : []));
  const scene = new Scene(caller, operation, formulas, possible);
  const truth = (input: Input) =>
    sides.flatMap((side) => {
      const { issuer } = caller[side];
      const fits = isToken
        ? issuer!.claims.every((claim) => fitsClaim(claim, own(input.token!, claim.name)))
        : undefined;
      if (fits === false) return [fits, undefined, undefined];
      const answer = answerOf(setting, side, input);
      return [fits, answer !== "unknown", answer === true];
    });
  return { scene, facts, formulas, truth };
}

function answerOf({ caller, operation, ...when }: Setting, side: (typeof sides)[number], input: Input) {
  const { model, issuer, identity } = caller[side];
  const found = operation[side];
  const parameters = found && matchTemplate(found.template, pathSegments(input.request.path));
  const token = { issuer, claims: input.token, issued: input.token?.iat, expires: input.token?.exp };
  const credential = { kind: caller.credential, identity, ...(input.token && { token }) };
  const lookup = lookupIn(model);
  const call = { input, lookup, credential, found, parameters: parameters ?? new Map() };
  const read: Read = readFactsOf(call as unknown as Parameters<typeof readFactsOf>[0]);
  return evaluateCondition(when[side] as Condition, lookup.condition, read);
}

/** What is wrong with what is said of random requests. */
export function* wrongOfRequests(random: Random, setting: Setting, asked: Asked, count: number): Generator<string> {
  const { scene, formulas, truth } = asked;
  for (let n = 0; n < count; n++) {
    const input = randomRequest(random, setting) as Input | undefined;
    if (!input) continue;
    const question = questionOf(input);
    const cells = scene.cellsOf(question);
    const missing = cells.indexOf(undefined);
    if (missing >= 0) {
      yield `no cell of ${scene.variables[missing]!.dimension.key} for ${JSON.stringify(input)}`;
      continue;
    }
    if (scene.diagrams.evaluate(scene.possible, cells as number[]) !== 1)
      yield `said to be impossible: ${JSON.stringify(input)}`;
    const expected = truth(input);
    for (const [i, formula] of formulas.entries()) {
      if (expected[i] === undefined) continue;
      const said = scene.diagrams.evaluate(scene.draw(formula), cells as number[]) === 1;
      if (said !== expected[i]) yield `formula ${i} is said to be ${said} of ${JSON.stringify(input)}`;
    }
  }
}

function questionOf(input: Input): Question {
  return { input, revocations: { sequence: 1, at: input.time, floor: 0 } };
}

/** What is wrong with requests that are written from random cells. */
export function* wrongOfCells(random: Random, setting: Setting, asked: Asked, count: number): Generator<string> {
  const { scene, formulas, truth } = asked;
  const { operation } = setting;
  for (let n = 0; n < count; n++) {
    const cells = randomCells(random, scene);
    if (!cells) return;
    const question = scene.question(cells);
    const { input } = question;
    const segments = pathSegments(input.request.path);
    const shown = JSON.stringify(input);
    if (!isCanonicalPath(input.request.path) || !hasShape(segments, operation.segments)) yield `not in class: ${shown}`;
    if (operation.apart.some((shape) => hasShape(segments, shape))) yield `of another class: ${shown}`;
    const found = scene.cellsOf(question);
    if (!isDeepStrictEqual(found, cells)) {
      const wrong = scene.variables.filter((_, i) => found[i] !== cells[i]).map(({ dimension }) => dimension.key);
      yield `other cells of ${wrong.join(", ")}: ${shown}`;
    }
    const expected = truth(input);
    for (const [i, formula] of formulas.entries()) {
      const said = scene.diagrams.evaluate(scene.draw(formula), cells) === 1;
      if (expected[i] !== undefined && said !== expected[i])
        yield `formula ${i} is said to be ${said} of written ${shown}`;
    }
  }
}

function randomCells(random: Random, scene: Scene): readonly number[] | undefined {
  let left = scene.possible;
  const { diagrams } = scene;
  if (left === diagrams.leaf(0)) return undefined;
  return scene.variables.map(({ cells }, variable) => {
    const order = cells.map((_, cell) => [random.next(), cell] as const).sort(([a], [b]) => a - b);
    for (const [, cell] of order) {
      const narrowed = diagrams.and(
        left,
        diagrams.test(
          variable,
          cells.map((_, other) => other === cell),
        ),
      );
      if (narrowed === diagrams.leaf(0)) continue;
      left = narrowed;
      return cell;
    }
    return 0;
  });
}
