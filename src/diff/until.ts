/** Whether a decision that is allowed before and after really ends at another time: only where nothing that both have in common ends sooner. */
import {
  type Diagram,
  freshness,
  now,
  type Question,
  type Scene,
  type TokenTime,
  tokenTime,
  type Until,
} from "../space/index.ts";

/** When a decision ends, as either side says it. */
export interface Ends {
  readonly before: Until;
  readonly after: Until;
}

/** All the times on which an end depends. */
interface Moment {
  readonly time: number;
  readonly revocationsAge: number;
  readonly token: TokenTime;
}

function endOf({ heard, fixed, expires, next }: Until, { time, revocationsAge, token }: Moment): number {
  const ends = [
    fixed,
    heard === undefined ? undefined : time - revocationsAge + heard,
    expires ? time - token.age + token.life : undefined,
    next ? time + 1 : undefined,
  ];
  return Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
}

/** For one request. */
export function endsDiffer({ before, after }: Ends, question: Question): boolean {
  const moment = {
    time: now.read(question),
    revocationsAge: freshness.read(question),
    token: tokenTime.read(question),
  };
  return endOf(before, moment) !== endOf(after, moment);
}

type Extreme = "greatest" | "least";

/**
 * Each end moves one way with each of the three times, so if the one that differs is the earliest anywhere in a cell, it is so in one of
 * these corners of it: the latest request for an end that is fixed, the earliest for one that moves along.
 */
const corners: readonly { readonly time: Extreme; readonly revocations: Extreme; readonly left: Extreme }[] = [
  { time: "greatest", revocations: "least", left: "greatest" },
  { time: "least", revocations: "greatest", left: "greatest" },
  { time: "least", revocations: "least", left: "greatest" },
  { time: "least", revocations: "least", left: "least" },
];

/** No token: none expires. */
const endless: TokenTime = { age: 0, life: Number.MAX_SAFE_INTEGER };

/** In some cells of a scene, a moment at which the two ends differ. */
function findMoment(scene: Scene, { before, after }: Ends, cells: readonly (number | undefined)[]): Moment | undefined {
  const [times, ages, tokens] = timesOf(scene).map((number, i) =>
    number === undefined ? undefined : scene.variables[number]?.cells[cells[i] ?? 0]?.values,
  );
  for (const corner of corners) {
    const moment: Moment = {
      time: extreme(times as readonly number[] | undefined, (value) => value, corner.time) ?? 0,
      revocationsAge: extreme(ages as readonly number[] | undefined, (value) => value, corner.revocations) ?? 0,
      token: extreme(tokens as readonly TokenTime[] | undefined, ({ age, life }) => life - age, corner.left) ?? endless,
    };
    if (endOf(before, moment) !== endOf(after, moment)) return moment;
  }
  return undefined;
}

function extreme<Value>(
  values: readonly Value[] | undefined,
  of: (value: Value) => number,
  which: Extreme,
): Value | undefined {
  return values?.reduce((best, value) =>
    (which === "least" ? of(value) < of(best) : of(value) > of(best)) ? value : best,
  );
}

function timesOf(scene: Scene): readonly (number | undefined)[] {
  return [now, freshness, tokenTime].map((dimension) => scene.numberOf(dimension));
}

/** The requests of a scene for which the ends can differ. */
export function differing(scene: Scene, ends: Ends): Diagram {
  const { diagrams, variables } = scene;
  const numbers = timesOf(scene);
  const over = (depth: number, cells: readonly (number | undefined)[]): Diagram => {
    if (depth === numbers.length) return diagrams.leaf(findMoment(scene, ends, cells) ? 1 : 0);
    const number = numbers[depth];
    if (number === undefined) return over(depth + 1, [...cells, undefined]);
    return diagrams.choose(
      number,
      (variables[number]?.cells ?? []).map((_, cell) => over(depth + 1, [...cells, cell])),
    );
  };
  return over(0, []);
}

/** The values to write so that the ends differ. */
export function chosenAt(scene: Scene, cells: readonly number[], ends: Ends): ReadonlyMap<number, unknown> {
  const numbers = timesOf(scene);
  const moment = findMoment(
    scene,
    ends,
    numbers.map((number) => (number === undefined ? undefined : cells[number])),
  );
  if (!moment) return new Map();
  const values = [moment.time, moment.revocationsAge, moment.token];
  return new Map(numbers.flatMap((number, i) => (number === undefined ? [] : [[number, values[i]] as const])));
}
