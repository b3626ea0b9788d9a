/** What people ask of a publisher: `writ submit|approve|release|republish|halt|resume|recall|revoke|restore|rotate|status`. */
import { createHash } from "node:crypto";
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";
import type { ReadDifference } from "../review/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson } from "./output.ts";
import { type ApiOptions, type Asked, PublisherApi } from "./publisher-api.ts";
import { renderStatus } from "./publisher-status.ts";
import { entriesOf, type RevocableKind } from "./revocation-words.ts";
import { readTimeAfter } from "./times.ts";

const LARGEST_BUNDLE = 32 * 1024 * 1024;
const LARGEST_TEXT = 16 * 1024 * 1024;

interface Reasoned extends ApiOptions {
  readonly reason: string;
}

export async function submit(
  host: Host,
  path: string,
  options: ApiOptions & {
    readonly provenance: string;
    readonly author: readonly string[];
    readonly emergency?: string;
  },
): Promise<Exit> {
  const bundle = readNamedFile(host, path, LARGEST_BUNDLE);
  const provenance = jsonIn(host, options.provenance);
  const api = new PublisherApi(host, options);
  const digest = digestOf(bundle);
  await api.put(`/v1/bundles/${digest}`, bundle, "application/gzip");
  const emergency = options.emergency === undefined ? {} : { emergency: { reason: options.emergency } };
  const said = await api.post("/v1/candidates", { digest, provenance, authors: [...options.author], ...emergency });
  return answer(host, options, said, `candidate ${digest} waits for approval`);
}

/**
 * An approval names what was read: the digest of the difference where it is one that `writ diff --format json` wrote, otherwise the
 * SHA-256 of the file. A difference must be of this candidate, and of what is in force.
 */
export async function approve(
  host: Host,
  digest: string,
  options: ApiOptions & { readonly shown: string },
): Promise<Exit> {
  const { largestDifference, readDifference } = await import("../review/index.ts");
  const bytes = readNamedFile(host, options.shown, largestDifference);
  const difference = readDifference(bytes, options.shown);
  const api = new PublisherApi(host, options);
  if (difference) refuseAnother(await api.get("/v1/view"), digest, options.shown, difference);
  const shown = difference?.digest ?? digestOf(bytes);
  const said = await api.post("/v1/approvals", { digest, shown });
  return answer(host, options, said, `approved ${digest}, having read ${shown}`);
}

/** A revision ends with the beginning of its model's digest. */
function refuseAnother(view: JsonObject, digest: string, path: string, { before, after }: ReadDifference): void {
  const revisionsIn = (value: JsonValue | undefined): readonly string[] =>
    (typeof value === "object" && value !== null ? Object.values(value) : []).flatMap((item) => {
      const { revision, digest: own } = (item ?? {}) as JsonObject;
      return typeof revision === "string" ? [`${String(own)} ${revision}`] : [];
    });
  const isOf = (model: string) => (revision: string) => revision.endsWith(`-${model.slice(0, 16)}`);
  const candidate = revisionsIn(view.candidates).filter((revision) => revision.startsWith(`${digest} `));
  if (!candidate.every(isOf(after))) throw WritError.of("WRIT4207", { path, fault: "candidate" });
  const inForce = revisionsIn(view.inForce);
  if (inForce.length > 0 && !inForce.some(isOf(before))) throw WritError.of("WRIT4207", { path, fault: "base" });
}

export function release(host: Host, digest: string, options: ApiOptions & { readonly ring: string }): Promise<Exit> {
  return move(host, options, "/v1/releases", { digest, ring: options.ring }, `released in ${options.ring}`);
}

export function republish(host: Host, digest: string, options: ApiOptions): Promise<Exit> {
  return move(host, options, "/v1/republications", { digest }, "republished under a new sequence");
}

export function halt(host: Host, options: Reasoned): Promise<Exit> {
  return move(host, options, "/v1/halt", { reason: options.reason }, "halted: no release goes on until `writ resume`");
}

export function resume(host: Host, options: Reasoned): Promise<Exit> {
  return move(host, options, "/v1/resume", { reason: options.reason }, "releases go on");
}

export function rotate(host: Host, options: ApiOptions): Promise<Exit> {
  return move(host, options, "/v1/trust", {}, "the keys of the trust folder are in force");
}

export async function recall(
  host: Host,
  sequence: number,
  options: Reasoned & { readonly wait?: string },
): Promise<Exit> {
  const api = new PublisherApi(host, options);
  const said = await api.post("/v1/recall", { sequence, reason: options.reason });
  return reached(host, api, options, said, `no policy up to ${sequence} decides any more`);
}

export async function revoke(
  host: Host,
  kind: RevocableKind,
  names: readonly string[],
  options: Reasoned & { readonly expires?: string; readonly time?: string; readonly wait?: string },
): Promise<Exit> {
  const entries = entriesOf(kind, names, options);
  const api = new PublisherApi(host, options);
  const said = await api.post("/v1/revocations", { entries, reason: options.reason });
  return reached(host, api, options, said, `revoked: ${kind} ${names.join(" ")}`);
}

export async function restore(
  host: Host,
  kind: RevocableKind,
  names: readonly string[],
  options: Reasoned,
): Promise<Exit> {
  if (kind === "token") {
    const expected = "not a token: what was once revoked stays so until it expires";
    throw WritError.of("WRIT5088", { option: "kind", value: kind, expected });
  }
  const paths = entriesOf(kind, names, {}).map(({ path }) => path!);
  const said = await new PublisherApi(host, options).post("/v1/restorations", { paths, reason: options.reason });
  return answer(host, options, said, `two others have to approve it: \`writ approve ${String(said.digest)}\``);
}

export async function status(
  host: Host,
  options: ApiOptions & { readonly of?: number; readonly wait?: string },
): Promise<Exit> {
  const api = new PublisherApi(host, options);
  if (options.of !== undefined)
    return reached(
      host,
      api,
      { ...options, wait: options.wait ?? "0" },
      { sequence: options.of },
      `change ${options.of}`,
    );
  const view = await api.get("/v1/view");
  if (options.format === "json") printJson(host, view);
  else host.print(renderStatus(view));
  return exits.ok;
}

/** A change of policy says which head it has seen, so that two of them never mix (threat P07). */
async function move(host: Host, options: ApiOptions, path: string, body: JsonValue, words: string): Promise<Exit> {
  const api = new PublisherApi(host, options);
  const said = await api.post(path, body, { ifMatch: await api.headVersion() });
  return answer(host, options, said, words);
}

function answer(host: Host, { format }: Pick<ApiOptions, "format">, said: JsonObject, words: string): Exit {
  if (format === "json") printJson(host, said);
  else host.print(`${words}\nchange ${String(said.sequence)}, head ${String(said.version)}\n`);
  return exits.ok;
}

/** A held request is answered within a minute, so a longer wait asks again. */
const LONGEST_WAIT = 50_000;

/** What was acknowledged is in force at the publisher; here it is followed until every live gateway has confirmed it. */
async function reached(
  host: Host,
  api: PublisherApi,
  options: ApiOptions & { readonly wait?: string },
  said: JsonObject,
  words: string,
): Promise<Exit> {
  if (options.wait === undefined) return answer(host, options, said, words);
  const begun = host.elapsed();
  const patience = options.wait === "0" ? 0 : (readTimeAfter("--wait", options.wait, host.time()) - host.time()) * 1000;
  let reach: JsonObject;
  for (;;) {
    const left = Math.max(0, patience - (host.elapsed() - begun));
    const asked: Asked = left > 0 ? { wait: Math.min(left, LONGEST_WAIT) } : {};
    reach = await api.get(`/v1/revocations/${String(said.sequence)}/reach`, asked);
    if (reach.complete === true || left <= LONGEST_WAIT) break;
    host.complain(`writ: ${String(reach.enforced)} of ${String(reach.live)} gateways so far …\n`);
  }
  const took = Math.round(host.elapsed() - begun);
  if (options.format === "json") printJson(host, { ...said, reach, milliseconds: took });
  else {
    host.print(
      `${words}\nenforced by ${String(reach.enforced)} of ${String(reach.live)} live gateways, after ${took} ms\n`,
    );
    for (const name of namesIn(reach.missing)) host.print(`  not yet: ${name}\n`);
    for (const name of namesIn(reach.silent))
      host.print(`  not heard of, and refusing by itself once it is stale: ${name}\n`);
  }
  return reach.complete === true ? exits.ok : exits.findings;
}

function namesIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function jsonIn(host: Host, path: string): JsonObject {
  const text = new TextDecoder().decode(readNamedFile(host, path, LARGEST_TEXT));
  try {
    return JSON.parse(text) as JsonObject;
  } catch (error) {
    throw WritError.of("WRIT5091", { path, problem: "it is no JSON" }, error);
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
