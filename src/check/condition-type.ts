/** The types of values in conditions and predicates: unions of a few kinds, compared and narrowed exactly as TypeScript does it. */
import type { Claim } from "../model/index.ts";

/** A union, kind by kind. `any` is every value of the kind; a list holds the only values that are possible. */
export interface Type {
  readonly text: "any" | readonly string[];
  readonly number: "any" | readonly number[];
  readonly boolean: readonly boolean[];
  /** A list of texts. */
  readonly texts: boolean;
  /** An IP address, which is no text. */
  readonly address: boolean;
  readonly tier: boolean;
  readonly issuer: boolean;
  /** `undefined`: an optional fact that is not there. */
  readonly absent: boolean;
}

export type Kind = Exclude<keyof Type, "absent">;

const kinds = ["text", "number", "boolean", "texts", "address", "tier", "issuer"] as const;

const nothing: Type = {
  text: [],
  number: [],
  boolean: [],
  texts: false,
  address: false,
  tier: false,
  issuer: false,
  absent: false,
};

export const types = {
  text: { ...nothing, text: "any" },
  number: { ...nothing, number: "any" },
  boolean: { ...nothing, boolean: [true, false] },
  texts: { ...nothing, texts: true },
  address: { ...nothing, address: true },
  tier: { ...nothing, tier: true },
  issuer: { ...nothing, issuer: true },
  absent: { ...nothing, absent: true },
} as const satisfies Record<string, Type>;

export function optional(type: Type): Type {
  return { ...type, absent: true };
}

export function literalType(value: string | number | boolean): Type {
  if (typeof value === "string") return { ...nothing, text: [value] };
  return typeof value === "number" ? { ...nothing, number: [value] } : { ...nothing, boolean: [value] };
}

/** One of these texts. */
export function textOf(values: readonly string[]): Type {
  return { ...nothing, text: values };
}

export function claimType(claim: Claim): Type {
  const type: Record<Claim["type"], Type> = {
    boolean: types.boolean,
    integer: types.number,
    string: claim.values ? textOf(claim.values) : types.text,
    strings: types.texts,
  };
  return claim.optional ? optional(type[claim.type]) : type[claim.type];
}

/** Whether there are values of that kind in the type. */
export function has(type: Type, kind: Kind): boolean {
  const part = type[kind];
  return typeof part === "boolean" ? part : part.length > 0;
}

export function kindsOf(type: Type): readonly Kind[] {
  return kinds.filter((kind) => has(type, kind));
}

export function isNever(type: Type): boolean {
  return !type.absent && kindsOf(type).length === 0;
}

function isOnlyAbsent(type: Type): boolean {
  return type.absent && kindsOf(type).length === 0;
}

export function union(all: readonly Type[]): Type {
  return {
    text: joinPart(all.map((t) => t.text)),
    number: joinPart(all.map((t) => t.number)),
    boolean: [true, false].filter((value) => all.some((t) => t.boolean.includes(value))),
    texts: all.some((t) => t.texts),
    address: all.some((t) => t.address),
    tier: all.some((t) => t.tier),
    issuer: all.some((t) => t.issuer),
    absent: all.some((t) => t.absent),
  };
}

function joinPart<T>(parts: readonly ("any" | readonly T[])[]): "any" | readonly T[] {
  const values = new Set<T>();
  for (const part of parts) {
    if (part === "any") return "any";
    for (const value of part) values.add(value);
  }
  return [...values];
}

/** What of `type` can equal a value of type `other`; `any` becomes the literals that it is compared with. */
export function narrowToEqual(type: Type, other: Type): Type {
  return {
    text: commonPart(type.text, other.text),
    number: commonPart(type.number, other.number),
    boolean: type.boolean.filter((value) => other.boolean.includes(value)),
    texts: type.texts && other.texts,
    address: type.address && other.address,
    tier: type.tier && other.tier,
    issuer: type.issuer && other.issuer,
    absent: type.absent && other.absent,
  };
}

function commonPart<T>(part: "any" | readonly T[], other: "any" | readonly T[]): "any" | readonly T[] {
  if (part === "any") return other;
  if (other === "any") return part;
  const values = new Set(other);
  return part.filter((value) => values.has(value));
}

/** What of `type` is left when it does not equal a value of type `other`: less only where `other` is one single value. */
export function narrowToUnequal(type: Type, other: Type): Type {
  if (!isSingle(other)) return type;
  const without = <T>(part: "any" | readonly T[], values: "any" | readonly T[]) =>
    part === "any" || values === "any" ? part : part.filter((value) => !values.includes(value));
  return {
    ...type,
    text: without(type.text, other.text),
    number: without(type.number, other.number),
    boolean: type.boolean.filter((value) => !other.boolean.includes(value)),
    absent: type.absent && !other.absent,
  };
}

/** Exactly one value: a literal, or `undefined`. */
export function isSingle(type: Type): boolean {
  if (type.texts || type.address || type.tier || type.issuer || type.text === "any" || type.number === "any")
    return false;
  return type.text.length + type.number.length + type.boolean.length + (type.absent ? 1 : 0) === 1;
}

/** Whether TypeScript lets the two be compared: some value is in both, or one of them is just `undefined`. */
export function areComparable(a: Type, b: Type): boolean {
  return [a, b].some((t) => isNever(t) || isOnlyAbsent(t)) || !isNever(narrowToEqual(a, b));
}

/** The part that counts as true. */
export function truthy(type: Type): Type {
  return { ...type, boolean: type.boolean.filter((value) => value), absent: false };
}

/** The part of a truth value that counts as false. */
export function falsy(type: Type): Type {
  return { ...nothing, boolean: type.boolean.filter((value) => !value), absent: type.absent };
}

const words: Record<Kind, string> = {
  text: "a text",
  number: "a whole number",
  boolean: "`true` or `false`",
  texts: "a list of texts",
  address: "an IP address",
  tier: "a tier",
  issuer: "an issuer",
};

/** `a text or absent`, `"eu" or "us"`, for sentences. */
export function describe(type: Type): string {
  const few =
    type.text !== "any" && type.text.length <= 4 ? type.text.map((text) => `\`${JSON.stringify(text)}\``) : [];
  const parts = kindsOf(type).flatMap((kind) => (kind === "text" && few.length > 0 ? few : words[kind]));
  if (type.absent) parts.push("absent");
  return parts.length > 0 ? parts.join(" or ") : "never there";
}
