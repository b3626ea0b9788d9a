/** Sets of paths as templates and patterns describe them: where two of them meet, and which of many takes a path. */
import { limits, spiffeSegments, type TemplateSegment } from "../model/index.ts";
import type { SegmentShape } from "./classes.ts";

export type Shape = readonly SegmentShape[];

/**
 * A path that stands for many: `undefined` is a text that stands in no template. What takes it takes all that fit there, so a
 * shape holds a path of its own exactly where one of its points is taken by nobody else.
 */
export type Point = readonly (string | undefined)[];

const any: SegmentShape = { kind: "any" };
const rest: SegmentShape = { kind: "rest" };

export function shapeOfTemplate(template: readonly TemplateSegment[]): Shape {
  return template.map((segment) => (segment.kind === "literal" ? segment : segment.kind === "parameter" ? any : rest));
}

export function shapeOfPattern(pattern: string): Shape {
  return spiffeSegments(pattern).map((text) => (text === "*" ? any : { kind: "literal", text }));
}

/** One text per shape: no literal of a path or a SPIFFE ID holds a brace. */
export function shapeKey(shape: Shape): string {
  return shape
    .map((segment) => (segment.kind === "literal" ? `/${segment.text}` : segment.kind === "any" ? "/{}" : "/{...}"))
    .join("");
}

export function endsInRest(shape: Shape): boolean {
  return shape.at(-1)?.kind === "rest";
}

/** The paths of both shapes, which are a shape again. */
export function meet(a: Shape, b: Shape): Shape | undefined {
  const met: SegmentShape[] = [];
  for (let i = 0; ; i++) {
    const [x, y] = [a[i], b[i]];
    if (!x || !y) return x || y ? undefined : met;
    // A rest takes whatever follows, only its first segment is not empty; parameters never are.
    if (isEmpty(x) !== isEmpty(y)) return undefined;
    if (x.kind === "rest") return [...met, ...b.slice(i)];
    if (y.kind === "rest") return [...met, ...a.slice(i)];
    if (x.kind === "literal" && y.kind === "literal" && x.text !== y.text) return undefined;
    met.push(x.kind === "literal" ? x : y);
  }
}

function isEmpty(segment: SegmentShape): boolean {
  return segment.kind === "literal" && segment.text === "";
}

/** The points of a shape, the shortest first, up to so many segments: one more than any template that they are held against. */
export function pointsOf(shape: Shape, longest: number): readonly Point[] {
  const start: Point = shape.map((segment) => (segment.kind === "literal" ? segment.text : undefined));
  if (!endsInRest(shape)) return [start];
  const points: Point[] = [start];
  for (let more = 1; shape.length + more <= longest; more++) {
    const path = [...start, ...new Array<undefined>(more - 1)];
    points.push([...path, undefined], [...path, ""]);
  }
  return points;
}

/** Whether a request may be as long as the shortest path of this point. */
export function fitsRequest(point: Point): boolean {
  return (
    point.length <= limits.pathSegments &&
    point.reduce((bytes, text) => bytes + 1 + (text?.length ?? 1), 0) <= limits.pathBytes
  );
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  any?: Node<T>;
  /** Of a template whose rest starts here. */
  rest?: T;
  found?: T;
}

/** Many shapes, each with what it stands for. Of two equal ones the first counts. */
export class ShapeTrie<T> {
  readonly #root: Node<T> = { literals: new Map() };
  /** The segments of the longest shape. */
  longest = 0;

  add(shape: Shape, value: T): void {
    this.longest = Math.max(this.longest, shape.length);
    let node = this.#root;
    for (const segment of shape) {
      if (segment.kind === "rest") {
        node.rest ??= value;
        return;
      }
      let next = segment.kind === "any" ? node.any : node.literals.get(segment.text);
      if (!next) {
        next = { literals: new Map() };
        if (segment.kind === "any") node.any = next;
        else node.literals.set(segment.text, next);
      }
      node = next;
    }
    node.found ??= value;
  }

  /** Which shape takes the point: of several the one that is more literal at the leftmost difference. */
  find(point: Point): T | undefined {
    return findIn(this.#root, point, 0);
  }

  /** Tells of every shape that has a path in common with this one. */
  overlapping(shape: Shape, tell: (value: T) => void): void {
    overlappingIn(this.#root, shape, 0, tell);
  }
}

function findIn<T>(node: Node<T>, point: Point, at: number): T | undefined {
  if (at === point.length) return node.found;
  const text = point[at];
  const literal = text === undefined ? undefined : node.literals.get(text);
  const found = literal && findIn(literal, point, at + 1);
  if (found !== undefined || text === "") return found;
  return (node.any && findIn(node.any, point, at + 1)) ?? node.rest;
}

function overlappingIn<T>(node: Node<T>, shape: Shape, at: number, tell: (value: T) => void): void {
  const segment = shape[at];
  if (!segment) {
    if (node.found !== undefined) tell(node.found);
    return;
  }
  const next = (child: Node<T>) =>
    segment.kind === "rest" ? everythingIn(child, tell) : overlappingIn(child, shape, at + 1, tell);
  if (segment.kind === "literal") {
    const child = node.literals.get(segment.text);
    if (child) next(child);
    if (segment.text === "") return;
  } else for (const [text, child] of node.literals) if (text !== "") next(child);
  if (node.any) next(node.any);
  if (node.rest !== undefined) tell(node.rest);
}

function everythingIn<T>(node: Node<T>, tell: (value: T) => void): void {
  if (node.found !== undefined) tell(node.found);
  for (const child of node.literals.values()) everythingIn(child, tell);
  if (node.any) everythingIn(node.any, tell);
  if (node.rest !== undefined) tell(node.rest);
}
