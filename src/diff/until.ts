/** Whether a decision that is allowed before and after really ends at another time: only where nothing that both have in common ends sooner. */
import { type Diagram, freshness, now, type Scene, type TokenTime, tokenTime, type Until } from "../space/index.ts";

/** The moment from which a decision must not be used again. */
interface Moment {
  readonly time: number;
  readonly revocationsAge: number;
  readonly token: TokenTime;
}

const soonest: TokenTime = { age: 0, life: Number.MAX_SAFE_INTEGER };

function endOf({ heard, fixed, expires, next }: Until, { time, revocationsAge, token }: Moment): number {
  const ends = [
    fixed,
    heard === undefined ? undefined : time - revocationsAge + heard,
    expires ? time - token.age + token.life : undefined,
    next ? time + 1 : undefined,
  ];
  return Math.min(...ends.map((end) => end ?? Number.POSITIVE_INFINITY));
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

/** In three cells, a moment at which the two ends differ. */
export type Find = (cells: readonly [number, number, number]) => Moment | undefined;

/** The requests of a scene for which two ends can differ, and where exactly. */
export function differing(
  scene: Scene,
  before: Until,
  after: Until,
): { readonly diagram: Diagram; readonly find: Find } {
  const { diagrams, variables } = scene;
  const numbers = [now, freshness, tokenTime].map((dimension) => scene.numberOf(dimension));
  const [times, ages, tokens] = numbers.map((number) => (number === undefined ? undefined : variables[number]?.cells));
  const find: Find = ([time, age, token]) => {
    const pick = <Value>(values: readonly Value[] | undefined, of: (value: Value) => number, extreme: Extreme) =>
      values?.reduce((best, value) => (of(value) < of(best) === (extreme === "least") ? value : best));
    for (const corner of corners) {
      const moment: Moment = {
        time: pick(times?.[time]?.values as readonly number[], (value) => value, corner.time) ?? 0,
        revocationsAge: pick(ages?.[age]?.values as readonly number[], (value) => value, corner.revocations) ?? 0,
        token:
          pick(tokens?.[token]?.values as readonly TokenTime[], ({ age: old, life }) => life - old, corner.left) ??
          soonest,
      };
      if (endOf(before, moment) !== endOf(after, moment)) return moment;
    }
    return undefined;
  };
  const over = (depth: number, cells: readonly number[]): Diagram => {
    if (depth === numbers.length) return diagrams.leaf(find(cells as [number, number, number]) ? 1 : 0);
    const number = numbers[depth];
    if (number === undefined) return over(depth + 1, [...cells, 0]);
    const { length } = variables[number]?.cells ?? [];
    return diagrams.choose(
      number,
      Array.from({ length }, (_, cell) => over(depth + 1, [...cells, cell])),
    );
  };
  return { diagram: over(0, []), find };
}

/** The values to write so that the ends differ. */
export function chosenAt(scene: Scene, cells: readonly number[], find: Find): ReadonlyMap<number, unknown> {
  const numbers = [now, freshness, tokenTime].map((dimension) => scene.numberOf(dimension));
  const moment = find(numbers.map((number) => (number === undefined ? 0 : cells[number])) as [number, number, number]);
  if (!moment) return new Map();
  const values = [moment.time, moment.revocationsAge, moment.token];
  return new Map(numbers.flatMap((number, i) => (number === undefined ? [] : [[number, values[i]] as const])));
}
