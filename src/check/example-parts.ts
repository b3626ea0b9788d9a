/** Parts of examples: what is revoked, which policy is loaded, what is expected, and what is called. */
import { report, type Span } from "../diagnostics/index.ts";
import { type Example, matchTemplate, parseTemplate, pathSegments, type Reason, reasons } from "../model/index.ts";
import type { Estate } from "./estate.ts";
import type { Said, SaidRevocations } from "./example-input.ts";
import { type Given, look } from "./given.ts";
import { nearest } from "./nearest.ts";
import { listOf, type Reader, readEntries, readProperties, wrongType } from "./shape.ts";
import { formedText, integer, rawText, readBoolean, readDate, readDuration, type Text } from "./values.ts";

const anyInteger = integer(0, Number.MAX_SAFE_INTEGER);
const lists = ["identities", "keys", "issuers", "tiers", "owners", "grants"] as const;

/** `"absent"`, or what else the reader finds. */
function orAbsent<T>(reader: Reader<T>): Reader<T | "absent"> {
  return (estate, given, title) => {
    const seen = look(estate, given);
    if (seen?.kind !== "text") return seen && reader(estate, given, title);
    if (seen.text === "absent" && !seen.widened) return seen.text;
    const help = 'write `"absent"`, or an object that says what there is';
    return estate.report(report("WRIT2105", seen.span, { title, value: seen.text }, { help }));
  };
}

export const readPolicy: Reader<NonNullable<Said["policy"]>> = orAbsent((estate, given, title) => {
  const properties = readProperties(estate, given, title, [], ["sequence", "from", "until"]);
  if (!properties) return undefined;
  const sequence = properties.read("sequence", anyInteger);
  const from = properties.read("from", readDate);
  const until = properties.read("until", readDate);
  return {
    ...(sequence !== undefined && { sequence }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
});

export const readRevocations: Reader<NonNullable<Said["revocations"]>> = orAbsent((estate, given, title) => {
  const properties = readProperties(estate, given, title, [], ["age", "floor", "tokens", "issuedBefore", ...lists]);
  if (!properties) return undefined;
  const age = properties.read("age", readDuration);
  const floor = properties.read("floor", anyInteger);
  const tokens = properties.read(
    "tokens",
    named(estate.issuers.keys(), "issuer", listOf(text, "a list of texts", true)),
  );
  const issuedBefore = properties.read("issuedBefore", named(estate.identities.keys(), "identity", readDate));
  const names: SaidRevocations["names"] = Object.fromEntries(
    lists.flatMap((list) => {
      const found = properties.read(list, listOf(nameIn(estate, list), "a list of names", true));
      return found ? [[list, found]] : [];
    }),
  );
  return {
    names,
    ...(age !== undefined && { age }),
    ...(floor !== undefined && { floor }),
    ...(tokens && { tokens }),
    ...(issuedBefore && { issuedBefore }),
  };
});

const text: Reader<string> = (estate, given, title) => rawText(estate, given, title)?.text;

/** An object whose keys are names of things that there are. */
function named<T>(candidates: Iterable<string>, what: string, reader: Reader<T>): Reader<Readonly<Record<string, T>>> {
  const known = new Set(candidates);
  return (estate, given, title) => {
    const entries = readEntries(estate, given, title);
    return (
      entries &&
      Object.fromEntries(
        entries.flatMap((entry) => {
          checkName(estate, { text: entry.name, span: entry.keySpan }, known, what);
          const value = reader(estate, entry, `\`${entry.name}\``);
          return value === undefined ? [] : [[entry.name, value]];
        }),
      )
    );
  };
}

function nameIn(estate: Estate, list: (typeof lists)[number]): Reader<string> {
  const known: Readonly<Record<string, () => Iterable<string>>> = {
    identities: () => estate.identities.keys(),
    issuers: () => estate.issuers.keys(),
    tiers: () => estate.tiers.keys(),
    owners: () => [...estate.identities.values()].map((i) => i.value.owner),
    grants: () => grantNames(estate),
  };
  const what = {
    identities: "identity",
    issuers: "issuer",
    tiers: "tier",
    owners: "owner",
    grants: "grant",
    keys: "key",
  };
  return (_, given, title) => {
    const written = rawText(estate, given, title);
    const candidates = known[list];
    if (written && candidates) checkName(estate, written, new Set(candidates()), what[list]);
    return written?.text;
  };
}

function grantNames(estate: Estate): readonly string[] {
  return estate.rules.filter((rule) => rule.kind !== "deny").map((rule) => rule.value.name);
}

/** A misspelt name would revoke nothing, and the example would show the opposite of what it says. */
function checkName(estate: Estate, { text: name, span }: Text, known: ReadonlySet<string>, what: string): void {
  if (known.has(name)) return;
  const near = nearest(name, known);
  const help = near === undefined ? {} : { help: `did you mean \`"${near}"\`?` };
  estate.report(report("WRIT4018", span, { name, what }, help));
}

export const readExpected: Reader<Example["expect"]> = (estate, given, title) => {
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind === "text") {
    if (seen.text === "allow" && !seen.widened) return { reason: "granted" };
    const refusal = readReason(estate, given, title);
    return refusal && { reason: refusal };
  }
  if (seen.kind !== "object") return wrongType(estate, seen, title, 'a reason, `"allow"`, or an object');
  const properties = readProperties(estate, given, title, [], ["allow", "grants", "headers", "reason"]);
  if (!properties) return undefined;
  if (properties.has("allow") === properties.has("reason"))
    return estate.report(report("WRIT4015", given.expression.span, {}));
  const reason = properties.read("reason", readReason);
  const allow = properties.read("allow", readBoolean);
  if (properties.has("reason")) {
    for (const property of ["grants", "headers"])
      if (properties.has(property)) estate.report(report("WRIT4015", properties.keyAt(property), {}));
    return reason && { reason };
  }
  const grants = properties.read("grants", listOf(grantName, "a list of names", true));
  const headers = properties.read("headers", readTold);
  if (allow === undefined) return undefined;
  if (!allow) return estate.report(report("WRIT4015", properties.at("allow"), {}));
  return { reason: "granted", ...(grants && { grants }), ...(headers && { headers }) };
};

const refusals = reasons.filter((reason) => reason !== "granted");

const readReason: Reader<Reason> = (estate, given, title) => {
  const written = formedText("a reason")(estate, given, title);
  if (!written) return undefined;
  const found = refusals.find((reason) => reason === written.text);
  if (found) return found;
  const near = nearest(written.text, ["allow", ...refusals]);
  const help =
    near === undefined
      ? 'write `"allow"`, or the reason of a refusal as `writ why` names it'
      : `did you mean \`"${near}"\`?`;
  return estate.report(report("WRIT4004", written.span, { text: written.text }, { help }));
};

const grantName: Reader<string> = (estate, given, title) => {
  const written = rawText(estate, given, title);
  const known = grantNames(estate);
  if (written && !known.includes(written.text) && !estate.missed(["grant", "emergency"], written.text)) {
    const near = nearest(written.text, known);
    const help = near === undefined ? {} : { help: `did you mean \`"${near}"\`?` };
    estate.report(report("WRIT4014", written.span, { name: written.text }, help));
  }
  return written?.text;
};

const readTold: Reader<Readonly<Record<string, string>>> = (estate, given: Given, title) => {
  const entries = readEntries(estate, given, title);
  return (
    entries &&
    Object.fromEntries(
      entries.flatMap((entry) => {
        const value = text(estate, entry, `\`${entry.name}\``);
        return value === undefined ? [] : [[entry.name, value]];
      }),
    )
  );
};

/** Reasons that come before an operation is looked for, so that a misspelt call would go unnoticed, or that are about the call. */
const aboutTheCall: readonly Reason[] = ["operation-unknown", "path-not-canonical", "input-malformed", "input-limit"];

export function warnOfUnknownCall(estate: Estate, { method, host, path }: Said, expected: Reason, span: Span): void {
  if (aboutTheCall.includes(expected) || estate.missed(["api"])) return;
  const segments = pathSegments(path);
  const found = estate.apis.some(
    ({ value }) =>
      value.host === host &&
      value.operations.some((operation) => {
        if (operation.method !== method) return false;
        const template = parseTemplate(operation.template);
        return "problem" in template || matchTemplate(template, segments) !== undefined;
      }),
  );
  if (!found) estate.report(report("WRIT4009", span, { call: `${method} ${host}${path}` }));
}
