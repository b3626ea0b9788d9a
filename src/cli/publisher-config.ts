/** The file that sets a publisher up: where everything lies, where it listens, whose word counts. Paths are relative to the file. */
import { type ConfigFault, WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { defaultLimits, type Limits } from "../server/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { absolute } from "./paths.ts";

export interface PublisherConfig {
  /** The name of the audit log. */
  readonly origin: string;
  /** Where gateways reach it. */
  readonly address: string;
  readonly gateway: Listening;
  readonly admin: Listening;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly store: string;
  readonly trust: string;
  readonly callers: string;
  /** The public keys that may sign bundles, and the key that signs for stock OPA and what is released again. */
  readonly bundleKeys: string;
  readonly bundleSigner: string;
  readonly provenance: {
    readonly keys: readonly string[];
    readonly threshold: number;
    readonly sources: readonly { readonly repository: string; readonly workflow: string }[];
  };
  /** A clone of the sources, from which each candidate is built again. */
  readonly repository?: { readonly path: string; readonly folder: string };
  readonly rollout?: { readonly minutes?: number; readonly denials?: number; readonly decisions?: number };
  /** Other limits than the server's own, by their names there. */
  readonly limits?: Partial<Limits>;
  /** Where decisions of stock OPAs are written. */
  readonly decisions?: string;
  /** Whoever reaches the administrative port may look at the page. */
  readonly openPage: boolean;
  readonly insecureHttp: boolean;
}

interface Listening {
  readonly host: string;
  readonly port: number;
}

const LARGEST = 1024 * 1024;

export function readPublisherConfig(host: Host, path: string): PublisherConfig {
  const read = readJson(readNamedFile(host, path, LARGEST), { numbers: "finite" });
  if (read.failure) throw refused("the file", "json");
  const file = objectAt(read.value, "the file", REQUIRED, OPTIONAL);
  const folder = absolute(host, `${absolute(host, path)}/..`);
  const inFolder = (name: string, at = name): string => pathIn(folder, textAt(file[name], at));
  const { tls, repository, rollout, limits, decisions } = file;
  return {
    origin: textAt(file.origin, "origin"),
    address: addressAt(file.address),
    gateway: listeningAt(file.gateway, "gateway"),
    admin: listeningAt(file.admin, "admin"),
    ...(tls !== undefined && { tls: tlsAt(folder, tls) }),
    store: inFolder("store"),
    trust: inFolder("trust"),
    callers: inFolder("callers"),
    bundleKeys: inFolder("bundleKeys"),
    bundleSigner: inFolder("bundleSigner"),
    provenance: provenanceAt(folder, file.provenance),
    ...(repository !== undefined && { repository: repositoryAt(folder, repository) }),
    ...(rollout !== undefined && { rollout: rolloutAt(rollout) }),
    ...(limits !== undefined && { limits: limitsAt(limits) }),
    ...(decisions !== undefined && { decisions: inFolder("decisions") }),
    openPage: flagAt(file.openPage, "openPage"),
    insecureHttp: flagAt(file.insecureHttp, "insecureHttp"),
  };
}

const REQUIRED = [
  "origin",
  "address",
  "gateway",
  "admin",
  "store",
  "trust",
  "callers",
  "bundleKeys",
  "bundleSigner",
  "provenance",
] as const;
const OPTIONAL = ["tls", "repository", "rollout", "limits", "decisions", "openPage", "insecureHttp"] as const;

function pathIn(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}

function tlsAt(folder: string, value: JsonValue): { readonly certificate: string; readonly key: string } {
  const { certificate, key } = objectAt(value, "tls", ["certificate", "key"]);
  return {
    certificate: pathIn(folder, textAt(certificate, "tls.certificate")),
    key: pathIn(folder, textAt(key, "tls.key")),
  };
}

function provenanceAt(folder: string, value: JsonValue | undefined): PublisherConfig["provenance"] {
  const { keys, threshold, sources } = objectAt(value, "provenance", ["keys", "threshold", "sources"]);
  const files = listAt(keys, "provenance.keys").map((key, index) =>
    pathIn(folder, textAt(key, `provenance.keys.${index}`)),
  );
  if (!isWhole(threshold) || threshold < 1 || threshold > files.length) throw refused("provenance.threshold", "number");
  const known = listAt(sources, "provenance.sources").map((source, index) => {
    const at = `provenance.sources.${index}`;
    const { repository, workflow } = objectAt(source, at, ["repository", "workflow"]);
    return { repository: textAt(repository, `${at}.repository`), workflow: textAt(workflow, `${at}.workflow`) };
  });
  return { keys: files, threshold, sources: known };
}

function repositoryAt(folder: string, value: JsonValue): { readonly path: string; readonly folder: string } {
  const { path, folder: policies } = objectAt(value, "repository", ["path", "folder"]);
  return { path: pathIn(folder, textAt(path, "repository.path")), folder: textAt(policies, "repository.folder") };
}

function rolloutAt(value: JsonValue): NonNullable<PublisherConfig["rollout"]> {
  const members = ["minutes", "denials", "decisions"] as const;
  const rollout = objectAt(value, "rollout", [], members);
  for (const member of members) {
    const found = rollout[member];
    if (found !== undefined && (typeof found !== "number" || found < 0)) throw refused(`rollout.${member}`, "number");
  }
  return rollout;
}

function limitsAt(value: JsonValue): Partial<Limits> {
  const limits = objectAt(value, "limits", [], Object.keys(defaultLimits));
  for (const [name, limit] of Object.entries(limits)) if (!isWhole(limit)) throw refused(`limits.${name}`, "number");
  return limits;
}

function listeningAt(value: JsonValue | undefined, place: string): Listening {
  const { host, port } = objectAt(value, place, ["host", "port"]);
  if (!isWhole(port) || port > 65_535) throw refused(`${place}.port`, "number");
  return { host: textAt(host, `${place}.host`), port };
}

function addressAt(value: JsonValue | undefined): string {
  const address = textAt(value, "address");
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw refused("address", "url");
  return address;
}

function objectAt(
  value: JsonValue | undefined,
  place: string,
  required: readonly string[],
  optional: readonly string[] = [],
): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused(place, "object");
  const inside = (name: string) => (place === "the file" ? name : `${place}.${name}`);
  for (const name of required) if (!Object.hasOwn(value, name)) throw refused(inside(name), "missing");
  // A member that is misspelt would silently not count.
  for (const name of Object.keys(value))
    if (!required.includes(name) && !optional.includes(name)) throw refused(inside(name), "unknown");
  return value as JsonObject;
}

function listAt(value: JsonValue | undefined, place: string): readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0) throw refused(place, "list");
  return value;
}

function textAt(value: JsonValue | undefined, place: string): string {
  if (typeof value !== "string" || value === "" || value.length > 4096) throw refused(place, "text");
  return value;
}

function flagAt(value: JsonValue | undefined, place: string): boolean {
  if (value !== undefined && typeof value !== "boolean") throw refused(place, "flag");
  return value ?? false;
}

function isWhole(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function refused(place: string, fault: ConfigFault): WritError {
  return WritError.of("WRIT5097", { place, fault });
}
