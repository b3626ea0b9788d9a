/** Figures that are held against a bound. */
import { printTable } from "./measure.ts";

export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly most?: number;
  readonly least?: number;
}

export function printGoals(goals: readonly Goal[]): void {
  console.log();
  printTable([
    ["goal", "measured", "wanted", ""],
    ...goals.map(({ name, value, most, least }) => [
      name,
      String(Number(value.toPrecision(3))),
      most === undefined ? `at least ${least}` : `at most ${most}`,
      Number.isNaN(value)
        ? "not measured"
        : value <= (most ?? Number.POSITIVE_INFINITY) && value >= (least ?? Number.NEGATIVE_INFINITY)
          ? "met"
          : "not met",
    ]),
  ]);
}
