/** What a stock OPA asks and sends: bundles by long poll, status, decision logs. Each status means to it what is said here. */
import { WritError } from "../../diagnostics/index.ts";
import { type JsonObject, readJson } from "../../json/index.ts";
import type { OpaResource } from "../../publish/index.ts";
import { inflated } from "../decision-log.ts";
import { tagOf } from "../headers.ts";
import type { Asked, Body, Route } from "../route.ts";
import type { Services } from "../services.ts";

/** Exactly this, without parameters: by any other an OPA leaves long polling. */
const BUNDLE = "application/vnd.openpolicyagent.bundles";
const RESOURCES = ["policy", "revocations", "discovery"] as const satisfies readonly OpaResource[];

export function opaRoutes(services: Services): readonly Route[] {
  return [
    ...RESOURCES.map((resource) => bundleRoute(resource, services)),
    ...partitioned("status", (path) => statusRoute(path, services)),
    ...partitioned("logs", (path) => logsRoute(path, services)),
  ];
}

/** OPA adds the name of a partition where it is told one. */
function partitioned(name: string, make: (path: string) => Route): readonly Route[] {
  return [make(`/opa/${name}`), make(`/opa/${name}/{partition}`)];
}

function bundleRoute(resource: OpaResource, { publisher }: Services): Route {
  return {
    method: "GET",
    path: `/opa/bundles/${resource}.tar.gz`,
    summary: `The bundle \`${resource}\`, held while the tag in If-None-Match is the current one; no delta is ever sent`,
    roles: ["gateway"],
    waits: true,
    answers: { 200: { description: "the bundle", type: BUNDLE }, 304: { description: "the tag is the current one" } },
    handle: async ({ caller, headers, wait, hold }) => {
      const tag = tagOf(headers);
      const found = await hold((signal) => publisher.opaBundle(caller, resource, tag, wait, signal));
      if (found) return { status: 200, type: BUNDLE, body: found.bytes, headers: { etag: `"${found.tag}"` } };
      // Another tag than the one that was asked with would be believed (OPA keeps it), and 204 is an error to it.
      if (tag !== undefined) return { status: 304, headers: { etag: `"${tag}"` } };
      throw WritError.of("WRIT8404", {});
    },
  };
}

function upload({ limits }: Services): Body {
  return { type: "application/json", limit: limits.packedUpload, raw: true };
}

function statusRoute(path: string, services: Services): Route {
  return {
    method: "POST",
    path,
    summary: "How a stock OPA is, as it uploads it",
    roles: ["gateway"],
    limited: "reports",
    ...parameters(path),
    body: upload(services),
    answers: { 204: { description: "taken" } },
    handle: async (asked) => {
      services.publisher.reportOpa(asked.caller, await reportOf(asked, services));
      return { status: 204 };
    },
  };
}

function logsRoute(path: string, services: Services): Route {
  return {
    method: "POST",
    path,
    summary: "Decisions of a stock OPA; each is kept once, by its decision_id",
    roles: ["gateway"],
    ...parameters(path),
    body: upload(services),
    answers: { 204: { description: "taken" } },
    handle: async ({ caller, body, headers }) => {
      await services.decisions.take(caller, body as Uint8Array, isPacked(headers));
      return { status: 204 };
    },
  };
}

function parameters(path: string): Pick<Route, "parameters"> {
  return path.endsWith("}") ? { parameters: { partition: { type: "string", minLength: 1, maxLength: 100 } } } : {};
}

function isPacked(headers: Asked["headers"]): boolean {
  return headers["content-encoding"] === "gzip";
}

/** Its metrics hold fractions, and numbers that other readers would round: nothing is computed from them. */
async function reportOf({ body, headers }: Asked, { limits }: Services): Promise<JsonObject> {
  const bytes = isPacked(headers)
    ? await inflated(body as Uint8Array, { ...limits, unpackedUpload: limits.packedUpload })
    : (body as Uint8Array);
  const read = readJson(bytes, { size: limits.packedUpload, numbers: "finite" });
  const report = read.failure ? undefined : read.value;
  if (typeof report !== "object" || report === null || Array.isArray(report))
    throw WritError.of("WRIT8401", { place: "the body", fault: "json" });
  return report as JsonObject;
}
