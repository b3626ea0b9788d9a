/** `example`: one request and its expected decision. */
import { report, type Span } from "../../diagnostics/index.ts";
import { type Example, isPatternSubject, type Method, matchesSpiffe } from "../../model/index.ts";
import type { Estate } from "../estate.ts";
import { type Caller, canPresent, defaultMethod, fillIn, methods, type Said } from "../example-input.ts";
import { readClaims, readJsonObject } from "../example-json.ts";
import { readExpected, readPolicy, readRevocations, warnOfUnknownCall } from "../example-parts.ts";
import { look } from "../given.ts";
import { nearest } from "../nearest.ts";
import {
  listOf,
  type Properties,
  type Reader,
  readArguments,
  readEntries,
  readProperties,
  wrongType,
} from "../shape.ts";
import { formedText, oneOf, plainText, rawText, readDate, thingOf } from "../values.ts";
import type { Word } from "../word.ts";

const optional = [
  "subject",
  "credential",
  "presented",
  "at",
  "claims",
  "scopes",
  "ip",
  "headers",
  "token",
  "peer",
  "proof",
  "key",
  "revocations",
  "policy",
  "input",
];

export const example: Word = {
  name: "example",
  form: "statement",
  define({ call }, estate) {
    const given = readArguments(estate, call, "example", ["its name", "its properties"]);
    const [first, second] = given ?? [];
    if (!first || !second) return undefined;
    const name = plainText(estate, first, "the name");
    const properties = readProperties(estate, second, "`example`", ["by", "call", "expect"], optional);
    if (name !== undefined) checkNameIsNew(estate, name, first.expression.span);
    const request = properties && readRequest(estate, properties);
    const expect = properties?.read("expect", readExpected);
    if (name === undefined || !properties || !request || !expect) return undefined;
    if (properties.has("call")) warnOfUnknownCall(estate, request, expect.reason, properties.at("call"));
    estate.examples.push({ name, ...fillIn(request), expect } satisfies Example);
    estate.place("example", name, first.expression.span);
    return undefined;
  },
};

function checkNameIsNew(estate: Estate, name: string, span: Span): void {
  const before = estate.positions.get(`example ${name}`);
  if (!before) return;
  const related = [{ span: before, message: "it is called so here first" }];
  estate.report(report("WRIT4016", span, { name }, { related }));
}

/** `undefined` once something is reported; every property is read even so. */
function readRequest(estate: Estate, properties: Properties): Said | undefined {
  const before = estate.diagnostics.length;
  const by = properties.read("by", readBy);
  const caller = by === "nobody" ? undefined : by?.caller;
  const call = properties.read("call", readCall);
  const claims = readExampleClaims(properties, by);
  const said = {
    subject: properties.read("subject", rawText)?.text,
    time: properties.read("at", readDate),
    scopes: properties.read("scopes", listOf(scopeName, "a list of scopes", true)),
    ip: properties.read("ip", rawText)?.text,
    headers: properties.read("headers", readHeaders),
    key: properties.read("key", rawText)?.text,
    token: properties.read("token", readJsonObject),
    peer: properties.read("peer", readJsonObject),
    proof: properties.read("proof", readJsonObject),
    input: properties.read("input", readJsonObject),
    revocations: properties.read("revocations", readRevocations),
    policy: properties.read("policy", readPolicy),
  };
  const credential = properties.read("credential", oneOf(["token", "svid", "key"] as const));
  const presented = properties.read("presented", oneOf(methods));
  if (by === "nobody") checkNobody(estate, properties);
  const method = caller && readMethod(estate, properties, caller, credential, presented);
  if (caller && method) checkSubject(estate, properties, caller, said.subject, method);
  const failed = estate.diagnostics.slice(before).some((d) => d.severity === "error");
  if (failed || !call || !by) return undefined;
  const whole = { ...call, ...said, caller, claims, presented: method };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as unknown as Said;
}

type By = "nobody" | { readonly caller?: Caller; readonly declared: boolean };

/** Declared identities give claims their types, as they do in the editor; a row of a registry is known by its name only. */
const readBy: Reader<By> = (estate, given, title) => {
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind === "thing" && seen.thing.kind === "identity")
    return { ...callerOf(estate, seen.thing.name), declared: true };
  if (seen.kind !== "text") return wrongType(estate, seen, title, 'an identity, the name of one, or `"nobody"`');
  if (seen.text === "nobody") return "nobody";
  if (estate.identities.has(seen.text)) return { ...callerOf(estate, seen.text), declared: false };
  const near = nearest(seen.text, estate.identities.keys());
  return estate.report(
    report(
      "WRIT4005",
      seen.span,
      { name: seen.text },
      near === undefined ? {} : { help: `did you mean \`"${near}"\`?` },
    ),
  );
};

/** Nobody where the tier or the issuer is not understood, which is reported where they are declared. */
function callerOf(estate: Estate, name: string): { readonly caller?: Caller } {
  const identity = estate.identities.get(name)?.value;
  const tier = identity && estate.tiers.get(identity.tier)?.value;
  const issuer = identity?.issuer === undefined ? undefined : estate.issuers.get(identity.issuer)?.value;
  return identity && tier ? { caller: { identity, tier, ...(issuer && { issuer }) } } : {};
}

const readCall: Reader<Pick<Said, "method" | "host" | "path">> = (estate, given, title) => {
  const written = formedText('a call, `"GET orders.example.com/v1/orders"`')(estate, given, title);
  if (!written) return undefined;
  const parts = /^([^ /]+) ([^ /]+)(\/.*)$/s.exec(written.text);
  const [, method = "", host = "", path = ""] = parts ?? [];
  return parts ? { method, host, path } : estate.report(report("WRIT4008", written.span, { text: written.text }));
};

function readExampleClaims(properties: Properties, by: By | undefined): Said["claims"] {
  const issuer = by === "nobody" ? undefined : by?.caller?.issuer;
  if (by === undefined || by === "nobody" || !by.declared || !issuer) return properties.read("claims", readJsonObject);
  return properties.read("claims", readClaims(issuer));
}

/** A scope of ours, or any text, which a token may well carry. */
const scopeName: Reader<string> = (estate, given, title) => {
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind === "text") return seen.text;
  return thingOf("scope")(estate, given, title)?.name;
};

const readHeaders: Reader<NonNullable<Said["headers"]>> = (estate, given, title) => {
  const entries = readEntries(estate, given, title);
  if (!entries) return undefined;
  const headers: [string, string | readonly string[]][] = [];
  for (const entry of entries) {
    const lower = entry.name.toLowerCase();
    if (lower !== entry.name) estate.report(report("WRIT2228", entry.keySpan, { name: entry.name, lower }));
    const value = readHeader(estate, entry, `\`${entry.name}\``);
    if (value !== undefined) headers.push([lower, value]);
  }
  return Object.fromEntries(headers);
};

const readHeader: Reader<string | readonly string[]> = (estate, given, title) => {
  const seen = look(estate, given);
  if (!seen) return undefined;
  return seen.kind === "list"
    ? listOf((e, g, t) => rawText(e, g, t)?.text, "a list of texts", true)(estate, given, title)
    : rawText(estate, given, title)?.text;
};

/** What only a credential has, where none is presented. */
function checkNobody(estate: Estate, properties: Properties): void {
  for (const property of ["subject", "credential", "presented", "claims", "scopes"]) {
    if (properties.has(property)) estate.report(report("WRIT4017", properties.keyAt(property), { property }));
  }
}

const credentials: Readonly<Record<Method, "token" | "svid" | "key">> = {
  mtls: "token",
  dpop: "token",
  bearer: "token",
  svid: "svid",
  key: "key",
};

const credentialNames = { token: "token", svid: "SPIFFE subject", key: "static key" } as const;

/** How the credential is presented; `undefined` once it is reported that it cannot be. */
function readMethod(
  estate: Estate,
  properties: Properties,
  caller: Caller,
  credential: "token" | "svid" | "key" | undefined,
  presented: Method | undefined,
): Method | undefined {
  if (credential && presented && credentials[presented] !== credential)
    return estate.report(report("WRIT4013", properties.at("presented"), { credential, presented }));
  const among = credential ? methods.filter((method) => credentials[method] === credential) : methods;
  const method = presented ?? (properties.has("key") && !credential ? "key" : defaultMethod(caller, among));
  const missing = method === undefined || (!canPresent(caller, method) && !(method === "key" && properties.has("key")));
  if (missing) {
    const wanted = credential ?? (presented && credentials[presented]) ?? "token";
    const span = properties.at(presented ? "presented" : "credential");
    return estate.report(report("WRIT4012", span, { identity: caller.identity.name, what: credentialNames[wanted] }));
  }
  for (const property of ["claims", "scopes"]) {
    if (credentials[method] !== "token" && properties.has(property)) {
      const what = credentials[method] === "svid" ? "an SVID" : "a key";
      estate.report(report("WRIT4019", properties.keyAt(property), { property, credential: what }));
    }
  }
  return method;
}

function checkSubject(
  estate: Estate,
  properties: Properties,
  { identity }: Caller,
  subject: string | undefined,
  method: Method,
): void {
  const own = identity.subject ?? "";
  const pattern = isPatternSubject(own);
  if (subject === undefined) {
    if (pattern && method !== "key" && !properties.has("subject"))
      estate.report(report("WRIT4006", properties.at("by"), { identity: identity.name }));
  } else if (pattern ? !matchesSpiffe(own, subject) : own !== subject)
    estate.report(report("WRIT4007", properties.at("subject"), { subject, identity: identity.name }));
}
