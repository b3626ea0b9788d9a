/** The file that sets a sidecar up: for which gateway it answers, whom it follows, whose tokens it verifies. Paths are relative to the file. */
import { type SidecarFault, WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import {
  type Algorithm,
  algorithms,
  type Fact,
  facts,
  type Listening,
  misleading,
  ours,
  type ProtocolName,
  protocols,
  secretPattern,
} from "../sidecar/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { absolute } from "./paths.ts";

export interface SidecarConfig {
  readonly protocol: ProtocolName;
  readonly listen: Listening;
  readonly secret: string;
  readonly gateway: {
    /** A file, as are `token` and, a folder, `state`. */
    readonly root: string;
    readonly url: readonly string[];
    readonly id?: string;
    readonly token?: string;
    readonly ring?: "canary" | "stable";
    readonly state?: string;
    readonly insecureHttp: boolean;
  };
  readonly issuers: readonly IssuerConfig[];
  readonly upstreamHeaders: readonly string[];
  readonly facts: readonly Fact[];
  /** Where decisions are written. */
  readonly decisions?: string;
}

export interface IssuerConfig {
  readonly issuer: string;
  readonly algorithms: readonly Algorithm[];
  readonly keys: { readonly kind: "url" | "file"; readonly place: string };
  readonly type?: string;
}

const LARGEST = 1024 * 1024;

export function readSidecarConfig(host: Host, path: string): SidecarConfig {
  const read = readJson(readNamedFile(host, path, LARGEST));
  if (read.failure) throw refused("the file", "json");
  const required = ["protocol", "listen", "secret", "gateway", "issuers"];
  const file = objectAt(read.value, "the file", required, ["upstreamHeaders", "facts", "decisions"]);
  const folder = absolute(host, `${absolute(host, path)}/..`);
  const inFolder = (name: string) => (name.startsWith("/") ? name : `${folder}/${name}`);
  const secret = new TextDecoder().decode(readNamedFile(host, inFolder(textAt(file.secret, "secret")), LARGEST)).trim();
  if (!secretPattern.test(secret)) throw refused("secret", "secret");
  return {
    protocol: oneOf(Object.keys(protocols) as ProtocolName[], file.protocol, "protocol", "protocol"),
    listen: listeningAt(file.listen),
    secret,
    gateway: gatewayAt(file.gateway, inFolder),
    issuers: issuersAt(file.issuers, inFolder),
    upstreamHeaders: file.upstreamHeaders === undefined ? [] : headersAt(file.upstreamHeaders),
    facts: file.facts === undefined ? [] : factsAt(file.facts),
    ...(file.decisions !== undefined && { decisions: inFolder(textAt(file.decisions, "decisions")) }),
  };
}

type InFolder = (name: string) => string;

function gatewayAt(value: JsonValue | undefined, inFolder: InFolder): SidecarConfig["gateway"] {
  const optional = ["id", "token", "ring", "state", "insecureHttp"];
  const { root, url, id, token, ring, state, insecureHttp } = objectAt(value, "gateway", ["root", "url"], optional);
  if (insecureHttp !== undefined && typeof insecureHttp !== "boolean") throw refused("gateway.insecureHttp", "flag");
  const urls = typeof url === "string" ? [url] : listAt(url, "gateway.url");
  return {
    root: inFolder(textAt(root, "gateway.root")),
    url: urls.map((item, index) => textAt(item, `gateway.url.${index}`)),
    ...(id !== undefined && { id: textAt(id, "gateway.id") }),
    ...(token !== undefined && { token: inFolder(textAt(token, "gateway.token")) }),
    ...(ring !== undefined && { ring: oneOf(["canary", "stable"] as const, ring, "gateway.ring", "ring") }),
    ...(state !== undefined && { state: inFolder(textAt(state, "gateway.state")) }),
    insecureHttp: insecureHttp ?? false,
  };
}

function issuersAt(value: JsonValue | undefined, inFolder: InFolder): readonly IssuerConfig[] {
  const issuers = listAt(value, "issuers").map((item, index) => issuerAt(item, `issuers.${index}`, inFolder));
  // Whose keys count must not be a matter of their order.
  const names = issuers.map(({ issuer }) => issuer);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice >= 0) throw refused(`issuers.${twice}.issuer`, "twice");
  return issuers;
}

function issuerAt(value: JsonValue, place: string, inFolder: InFolder): IssuerConfig {
  const { issuer, algorithms: listed, keys, type } = objectAt(value, place, ["issuer", "algorithms", "keys"], ["type"]);
  const source = textAt(keys, `${place}.keys`);
  const isUrl = source.includes("://");
  // RFC 7517 §9: keys that anybody on the way can change are nobody's. This machine is no way.
  if (isUrl && !/^(?:https:\/\/|http:\/\/(?:127\.[0-9.]+|\[::1\])[:/])[^\s]+$/.test(source))
    throw refused(`${place}.keys`, "url");
  return {
    issuer: textAt(issuer, `${place}.issuer`),
    algorithms: listAt(listed, `${place}.algorithms`).map((item, index) =>
      oneOf(algorithms, item, `${place}.algorithms.${index}`, "algorithm"),
    ),
    keys: isUrl ? { kind: "url", place: source } : { kind: "file", place: inFolder(source) },
    ...(type !== undefined && { type: textAt(type, `${place}.type`) }),
  };
}

/** Loopback or a socket: whoever reaches the sidecar could ask who may do what (threat Q14). */
function listeningAt(value: JsonValue | undefined): Listening {
  const text = textAt(value, "listen");
  // Such a path needs no quotes in a gateway's configuration, and fits into the address of a socket.
  if (/^unix:\/[A-Za-z0-9._/-]{1,100}$/.test(text)) return { kind: "socket", path: text.slice("unix:".length) };
  const address = readAddress(text);
  if (!address || !/^(?:127(?:\.[0-9]{1,3}){3}|::1)$/.test(address.host)) throw refused("listen", "listen");
  return { kind: "port", ...address };
}

/** `127.0.0.1:9180`, `[::1]:9180`, `shop.internal:80`. */
export function readAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, six, name, digits = ""] =
    /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9.-]{1,253})):([0-9]{1,5})$/.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** RFC 9110 §5.1, less what a variable of nginx can't name; never one by which a message or a question is read. */
function headersAt(value: JsonValue): readonly string[] {
  const headers = listAt(value, "upstreamHeaders").map((item, index) => {
    const place = `upstreamHeaders.${index}`;
    const name = textAt(item, place);
    if (
      !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) ||
      ours.includes(name) ||
      misleading.includes(name) ||
      RESERVED.has(name)
    )
      throw refused(place, "header");
    return name;
  });
  return eachOnce(headers, "upstreamHeaders");
}

const RESERVED: ReadonlySet<string> = new Set([
  "authorization",
  "cache-control",
  "connection",
  "content-length",
  "content-type",
  "cookie",
  "date",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
  "x-forwarded-for",
  "x-forwarded-proto",
]);

function factsAt(value: JsonValue): readonly Fact[] {
  const found = listAt(value, "facts").map((item, index) => oneOf(facts, item, `facts.${index}`, "fact"));
  return eachOnce(found, "facts");
}

function eachOnce<Text extends string>(texts: readonly Text[], place: string): readonly Text[] {
  const twice = texts.findIndex((text, index) => texts.indexOf(text) < index);
  if (twice >= 0) throw refused(`${place}.${twice}`, "twice");
  return texts;
}

function oneOf<Text extends string>(
  known: readonly Text[],
  value: JsonValue | undefined,
  place: string,
  fault: SidecarFault,
): Text {
  const found = known.find((text) => text === value);
  if (found === undefined) throw refused(place, fault);
  return found;
}

function objectAt(
  value: JsonValue | undefined,
  place: string,
  required: readonly string[],
  optional: readonly string[],
): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused(place, "object");
  const inside = (name: string) => (place === "the file" ? name : `${place}.${name}`);
  for (const name of required) if (!Object.hasOwn(value, name)) throw refused(inside(name), "missing");
  // A member that is misspelt would silently not count.
  for (const name of Object.keys(value))
    if (!required.includes(name) && !optional.includes(name)) throw refused(inside(name.slice(0, 64)), "unknown");
  return value as JsonObject;
}

function listAt(value: JsonValue | undefined, place: string): readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > 256) throw refused(place, "list");
  return value as readonly JsonValue[];
}

function textAt(value: JsonValue | undefined, place: string): string {
  if (typeof value !== "string" || value === "" || value.length > 4096) throw refused(place, "text");
  return value;
}

function refused(place: string, fault: SidecarFault): WritError {
  return WritError.of("WRIT9401", { place, fault });
}
