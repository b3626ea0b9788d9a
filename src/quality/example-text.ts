/** An example as it stands in a policy file, formatted as the formatters of TypeScript do it. */
import { formatDuration, type Json, type JsonObject, type Said } from "../check/index.ts";
import type { Example } from "../model/index.ts";

/** How a file calls things: constants that it imports or declares, by what they stand for; everything else is a text. */
export interface Spelling {
  readonly identities: ReadonlySet<string>;
  /** By scope: `orders.read`. */
  readonly scopes: ReadonlyMap<string, string>;
}

export const plainSpelling: Spelling = { identities: new Set(), scopes: new Map() };

const width = 120;

/** @example exampleText("acme reads", said, { reason: "granted" }, plainSpelling) */
export function exampleText(name: string, said: Said, expect: Example["expect"], spelling: Spelling): string {
  const properties: readonly (readonly [string, Code])[] = [
    ["by", byCode(said, spelling)],
    ["call", quoted(`${said.method} ${said.host}${said.path}`)],
    ...(said.time === undefined ? [] : [["at", quoted(dateText(said.time))] as const]),
    ...(said.subject === undefined ? [] : [["subject", quoted(said.subject)] as const]),
    ...(said.presented === undefined ? [] : [["presented", quoted(said.presented)] as const]),
    ...(said.claims ? [["claims", jsonCode(said.claims)] as const] : []),
    ...(said.scopes
      ? [["scopes", said.scopes.map((scope) => spelling.scopes.get(scope) ?? quoted(scope))] as const]
      : []),
    ...(said.key === undefined ? [] : [["key", quoted(said.key)] as const]),
    ...(said.ip === undefined ? [] : [["ip", quoted(said.ip)] as const]),
    ...(said.headers ? [["headers", jsonCode(said.headers)] as const] : []),
    ...(["token", "peer", "proof", "input"] as const).flatMap((holder) => {
      const value = said[holder];
      return value ? [[holder, jsonCode(value)] as const] : [];
    }),
    ...(said.policy === "absent" ? [["policy", quoted("absent")] as const] : []),
    ...revocationsCode(said.revocations),
    ["expect", expectCode(expect)],
  ];
  return `example(${quoted(name)}, ${written(new Map(properties), 0, width)});\n`;
}

/** A piece of source: written out, a list, or an object. */
type Code = string | readonly Code[] | ReadonlyMap<string, Code>;

function byCode({ caller }: Said, { identities }: Spelling): Code {
  if (!caller) return quoted("nobody");
  const { name } = caller.identity;
  return identities.has(name) ? name : quoted(name);
}

function revocationsCode(revocations: Said["revocations"]): readonly (readonly [string, Code])[] {
  if (revocations === undefined) return [];
  if (revocations === "absent") return [["revocations", quoted("absent")]];
  const { age } = revocations;
  return age === undefined ? [] : [["revocations", new Map([["age", quoted(formatDuration(age))]])]];
}

function expectCode({ reason, grants, headers }: Example["expect"]): Code {
  if (reason !== "granted") return quoted(reason);
  if (!grants && !headers) return quoted("allow");
  return new Map<string, Code>([
    ["allow", "true"],
    ...(grants ? [["grants", grants.map(quoted)] as const] : []),
    ...(headers ? [["headers", jsonCode(headers)] as const] : []),
  ]);
}

function jsonCode(value: Json | JsonObject): Code {
  if (value === undefined) return "undefined";
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(jsonCode);
  return new Map(Object.entries(value).map(([name, member]) => [keyText(name), jsonCode(member)]));
}

function keyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** On one line where it fits, as formatters do; the properties of an example each have a line of their own. */
function written(code: Code, indent: number, room: number): string {
  if (typeof code === "string") return code;
  const line = onOneLine(code);
  if (indent > 0 && line.length <= room) return line;
  const inner = " ".repeat(indent + 2);
  const outer = " ".repeat(indent);
  if (code instanceof Map) {
    const lines = [...(code as ReadonlyMap<string, Code>)].map(
      ([name, value]) => `${inner}${name}: ${written(value, indent + 2, width - indent - 2 - name.length - 3)},\n`,
    );
    return `{\n${lines.join("")}${outer}}`;
  }
  const lines = (code as readonly Code[]).map((one) => `${inner}${written(one, indent + 2, width - indent - 3)},\n`);
  return `[\n${lines.join("")}${outer}]`;
}

function onOneLine(code: Code): string {
  if (typeof code === "string") return code;
  if (code instanceof Map) {
    const members = [...(code as ReadonlyMap<string, Code>)].map(([name, value]) => `${name}: ${onOneLine(value)}`);
    return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
  }
  return `[${(code as readonly Code[]).map(onOneLine).join(", ")}]`;
}

/** As short as it says the same: `2026-11-24`, `2026-11-24T09:00Z`, `2026-11-24T09:00:30Z`. */
function dateText(time: number): string {
  const text = new Date(time * 1000).toISOString();
  if (text.endsWith("T00:00:00.000Z")) return text.slice(0, 10);
  return text.endsWith(":00.000Z") ? `${text.slice(0, 16)}Z` : `${text.slice(0, 19)}Z`;
}
