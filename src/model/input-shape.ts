/** Step 0: whether an input has the shape of `Input` and keeps the limits, before anything of it is used. */
import { type Input, limits } from "./decision.ts";
import { splitScopes } from "./scope.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const shows = Object.prototype.propertyIsEnumerable;

/** A member of its own that JSON would show, never one of a prototype; `undefined` is absent. */
export function own(object: JsonObject, name: string): unknown {
  return shows.call(object, name) ? object[name] : undefined;
}

/** A whole number of seconds that every back end holds exactly. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The input, or what is wrong with it. */
export function checkInput(value: unknown): {
  readonly input?: Input;
  readonly problem: "input-malformed" | "input-limit";
} {
  const measured = { isJson: value !== undefined };
  if (measure(value, 1, measured) > limits.inputBytes) return { problem: "input-limit" };
  if (!measured.isJson || !hasShape(value)) return { problem: "input-malformed" };
  const input = ownInput(value);
  return exceedsLimits(input) ? { problem: "input-limit" } : { input, problem: "input-malformed" };
}

/**
 * The bytes of the value's compact JSON text, where a number counts the same however it is spelled; infinitely many for what
 * is nested too deep. Also notes what JSON cannot say.
 */
function measure(value: unknown, depth: number, measured: { isJson: boolean }): number {
  switch (typeof value) {
    case "string":
      measured.isJson &&= value.isWellFormed();
      return utf8Length(JSON.stringify(value));
    case "number":
      return limits.numberBytes;
    case "boolean":
      return value ? 4 : 5;
    case "object":
      return value === null ? 4 : measureContainer(value, depth, measured);
    default:
      measured.isJson = false;
      return 0;
  }
}

function measureContainer(value: object, depth: number, measured: { isJson: boolean }): number {
  if (depth > limits.inputDepth) return Number.POSITIVE_INFINITY;
  const named = !Array.isArray(value);
  const members = Object.entries(value);
  // Some would read a list with gaps as one of `null`s, some as a shorter one.
  if (Array.isArray(value) && members.length < value.length) measured.isJson = false;
  let total = 2;
  let count = 0;
  for (const [name, member] of members) {
    if (named && member === undefined) continue;
    measured.isJson &&= name.isWellFormed();
    total += measure(member, depth + 1, measured) + (named ? utf8Length(JSON.stringify(name)) + 1 : 0);
    if (count++ > 0) total++;
    if (total > limits.inputBytes) return total;
  }
  return total;
}

const encoder = new TextEncoder();

const ascii = /^[\0-\x7f]*$/;

export function utf8Length(text: string): number {
  return ascii.test(text) ? text.length : encoder.encode(text).length;
}

function hasShape(value: unknown): value is Input {
  if (!isObject(value) || !isTime(own(value, "time"))) return false;
  const request = own(value, "request");
  return (
    isObject(request) &&
    ["host", "method", "path"].every((name) => typeof own(request, name) === "string") &&
    isOptionalText(request, "ip") &&
    isOptional(request, "headers", isHeaders) &&
    isOptional(value, "token", isObject) &&
    isOptional(
      value,
      "peer",
      (peer) => isObject(peer) && isOptionalText(peer, "spiffe") && isOptionalText(peer, "x5t#S256"),
    ) &&
    isOptional(value, "proof", (proof) => isObject(proof) && isOptionalText(proof, "jkt")) &&
    isOptional(value, "key", (key) => isObject(key) && isOptionalText(key, "id"))
  );
}

/** INVARIANT: what is read later are its own members, so that nobody who changes a prototype lends a caller a credential. */
function ownInput(value: Input): Input {
  const part = <Name extends string>(of: unknown, ...names: readonly Name[]) =>
    isObject(of) ? Object.fromEntries(names.map((name) => [name, own(of, name)])) : undefined;
  const [token, peer, proof, key, request] = ["token", "peer", "proof", "key", "request"].map((name) =>
    own(value as unknown as JsonObject, name),
  );
  return {
    time: value.time,
    token,
    peer: part(peer, "spiffe", "x5t#S256"),
    proof: part(proof, "jkt"),
    key: part(key, "id"),
    request: part(request, "host", "method", "path", "ip", "headers"),
  } as Input;
}

function isOptional(object: JsonObject, name: string, test: (value: unknown) => boolean): boolean {
  const value = own(object, name);
  return value === undefined || test(value);
}

function isOptionalText(object: JsonObject, name: string): boolean {
  return isOptional(object, name, (value) => typeof value === "string");
}

function isHeaders(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((h) => typeof h === "string" || isTexts(h));
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function exceedsLimits(input: Input): boolean {
  const { path } = input.request;
  if (utf8Length(path) > limits.pathBytes || path.split("/").length - 1 > limits.pathSegments) return true;
  if (utf8Length(input.peer?.spiffe ?? "") > limits.spiffeBytes) return true;
  const token = input.token ?? {};
  const scope = own(token, "scope");
  const audience = own(token, "aud");
  return (
    (typeof scope === "string" &&
      (utf8Length(scope) > limits.scopeBytes || (splitScopes(scope)?.length ?? 0) > limits.scopeCount)) ||
    (Array.isArray(audience) && audience.length > limits.audiences) ||
    ["sub", "jti"].some((name) => {
      const value = own(token, name);
      return typeof value === "string" && utf8Length(value) > limits.nameBytes;
    })
  );
}
