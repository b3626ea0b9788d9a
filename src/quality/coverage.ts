/** What the examples of an estate exercise, and what nobody would notice if it went wrong. */
import type { Model } from "../model/index.ts";
import { type Declaration, declarationKey, type Places } from "./declarations.ts";
import { exercise } from "./exercise.ts";
import { type Point, type PointKind, pointKinds, pointsOf } from "./points.ts";

export interface CoveredPoint extends Point {
  /** The names of the examples that show it, in their order. */
  readonly examples: readonly string[];
}

export interface Share {
  readonly shown: number;
  readonly of: number;
}

/** A declaration with its points; of reasons, which nobody declares, all together. */
export interface Covered extends Share {
  readonly declaration?: Declaration;
  readonly points: readonly CoveredPoint[];
  /** How many examples show anything of it. */
  readonly examples: number;
}

export interface Coverage extends Share {
  /** By kind, the worst first. */
  readonly kinds: readonly (Share & { readonly kind: PointKind })[];
  /** The worst first; then by place. */
  readonly declarations: readonly Covered[];
}

/**
 * Every point of the estate with the examples that show it.
 *
 * @param places where things are declared, by name
 * @example percent(coverageOf(model, places)) >= 90
 */
export function coverageOf(model: Model, places: Places): Coverage {
  const exercises = model.examples.map((example) => exercise(model, example));
  const points = pointsOf(model, places).map(
    (point): CoveredPoint => ({
      ...point,
      examples: exercises.flatMap((one) => (point.shownBy(one) ? [one.example.name] : [])),
    }),
  );
  const kinds = pointKinds.map((kind) => ({ kind, ...share(points.filter((point) => point.kind === kind)) }));
  const byDeclaration = Map.groupBy(points, ({ of }) => (of ? declarationKey(of) : ""));
  const declarations = [...byDeclaration.values()].map((its): Covered => {
    const declaration = its[0]?.of;
    const examples = new Set(its.flatMap((point) => point.examples)).size;
    return { ...(declaration && { declaration }), points: its, examples, ...share(its) };
  });
  return {
    ...share(points),
    kinds: kinds.filter(({ of }) => of > 0).sort(worst),
    declarations: declarations.sort((a, b) => worst(a, b) || byPlace(a, b)),
  };
}

/** Whole percents, never rounded up: 100 means all. */
export function percent({ shown, of }: Share): number {
  return of === 0 ? 100 : Math.floor((100 * shown) / of);
}

function share(points: readonly CoveredPoint[]): Share {
  return { shown: points.filter(({ examples }) => examples.length > 0).length, of: points.length };
}

function worst(a: Share, b: Share): number {
  return a.shown * b.of - b.shown * a.of;
}

function byPlace(a: Covered, b: Covered): number {
  const key = ({ declaration }: Covered): string =>
    declaration
      ? `${declaration.place?.path ?? ""}\n${String(declaration.place?.line ?? 0).padStart(9, "0")}\n${declarationKey(declaration)}`
      : "\u{10ffff}";
  const [x, y] = [key(a), key(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
