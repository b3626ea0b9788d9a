/** Values of examples: any JSON, and claims by the schema of their issuer. */
import { report } from "../diagnostics/index.ts";
import type { Claim, Issuer } from "../model/index.ts";
import type { Estate } from "./estate.ts";
import type { Json, JsonObject } from "./example-input.ts";
import { describe, type Given, listed, look } from "./given.ts";
import { nearest } from "./nearest.ts";
import { type Reader, readElements, readEntries } from "./shape.ts";

/** Deeper than any input may be; the rest is cut off where the reader gives up. */
const deepest = 40;

export const readJsonObject: Reader<JsonObject> = (estate, given, title) => jsonObject(estate, given, title, 0);

function jsonObject(estate: Estate, given: Given, title: string, depth: number): JsonObject | undefined {
  const entries = readEntries(estate, given, title);
  if (!entries) return undefined;
  const members: [string, Json][] = [];
  for (const entry of entries) {
    const value = readJson(estate, entry, `\`${entry.name}\``, depth + 1);
    if (value) members.push([entry.name, value.json]);
  }
  return Object.fromEntries(members);
}

/** In a box, because `undefined` is a value too: it takes a member away. */
function readJson(estate: Estate, given: Given, title: string, depth: number): { readonly json: Json } | undefined {
  const seen = look(estate, given);
  if (!seen || depth > deepest) return undefined;
  switch (seen.kind) {
    case "text":
      return { json: seen.text };
    case "number":
      return { json: seen.number };
    case "boolean":
      return { json: seen.boolean };
    case "undefined":
      return { json: undefined };
    case "list": {
      const elements = readElements(estate, given, title, "a list");
      return elements && { json: elements.map((e) => readJson(estate, e, `each of ${title}`, depth + 1)?.json) };
    }
    case "object": {
      const json = jsonObject(estate, given, title, depth);
      return json && { json };
    }
    case "function":
    case "thing":
      estate.report(
        report("WRIT2104", seen.span, { title, expected: "a value that a token can carry", found: describe(seen) }),
      );
      return undefined;
  }
}

/** Claims of a token of this issuer, each of its type. Which ones are left out is the example's matter. */
export function readClaims(issuer: Issuer): Reader<JsonObject> {
  return (estate, given, title) => {
    const entries = readEntries(estate, given, title);
    if (!entries) return undefined;
    const claims: [string, Json][] = [];
    for (const entry of entries) {
      const claim = issuer.claims.find((c) => c.name === entry.name);
      if (!claim) {
        const names = issuer.claims.map((c) => c.name);
        const near = nearest(entry.name, names);
        const help = near === undefined ? {} : { help: `did you mean \`${near}\`?` };
        estate.report(report("WRIT4011", entry.keySpan, { claim: entry.name, issuer: issuer.name }, help));
        continue;
      }
      const value = readJson(estate, entry, `\`${entry.name}\``, 1);
      if (value && !isOfType(claim, value.json, entry.widened)) {
        const type = claim.values ? `one of ${listed(claim.values.map((v) => `"${v}"`))}` : typeNames[claim.type];
        estate.report(report("WRIT4010", entry.expression.span, { claim: claim.name, type }));
      } else if (value) claims.push([claim.name, value.json]);
    }
    return Object.fromEntries(claims);
  };
}

const typeNames: Readonly<Record<Claim["type"], string>> = {
  boolean: "`true` or `false`",
  integer: "a whole number",
  string: "a text",
  strings: "a list of texts",
};

/** TypeScript takes a text inside a constant for any text, so that it is none of an enumeration. */
function isOfType({ type, optional, values }: Claim, value: Json, widened: boolean): boolean {
  if (value === undefined) return optional;
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "string":
      return typeof value === "string" && (!values || (values.includes(value) && !widened));
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
  }
}
