/** One question: which policy is loaded, what is known of revocations, and the request; any JSON may stand in each place. */
export interface Scenario {
  /** Left out: nothing is loaded. */
  readonly policy?: unknown;
  readonly revocations?: unknown;
  readonly input: unknown;
}

/** A copy with another value at a path, or without what stands there. Never touches a prototype. */
export function withValue(value: unknown, path: readonly string[], member: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return member;
  const object = isObject(value) ? value : {};
  const replaced = withValue(Object.hasOwn(object, name) ? object[name] : undefined, rest, member);
  const entries = Object.entries(object).filter(([key]) => key !== name);
  if (replaced !== undefined) entries.push([name, replaced]);
  return Object.fromEntries(entries);
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((v, name) => (isObject(v) && Object.hasOwn(v, name) ? v[name] : undefined), value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
