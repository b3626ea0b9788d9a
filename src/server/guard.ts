/** What is asked of a request before anything of its body is read: who it is from, what it may, how often (threat model §6, §9). */
import type { FastifyRequest } from "fastify";
import { authenticate, type Caller, type Credentials } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { checkOrigin, idempotencyKeyOf, ifMatchOf, mediaTypeOf, valuesOf } from "./headers.ts";
import { certificateOf } from "./listener.ts";
import type { Route } from "./route.ts";
import type { Services } from "./services.ts";

/** @throws WritError of whatever is wrong first */
export async function guard(route: Route, request: FastifyRequest, services: Services): Promise<Caller | undefined> {
  const { headers } = request;
  if (route.method !== "GET") checkOrigin(headers, services.tls ? "https" : "http");
  const caller = await prove(route, request, services);
  if (caller) {
    request.known.caller = caller;
    if (typeof route.roles === "object" && !route.roles.some((role) => caller.roles.has(role)))
      throw WritError.of("WRIT8202", { caller: caller.name, action: `${route.method} ${route.path}` });
    if (route.limited === "revocations") services.limitRevocations(caller);
    if (route.limited === "reports") services.limitReports(caller);
  }
  if (route.changes) idempotencyKeyOf(headers);
  if (route.changes === "policy") ifMatchOf(headers);
  if (route.body) checkBody(route.body, headers);
  return caller;
}

async function prove(
  route: Route,
  { headers, raw }: FastifyRequest,
  { callers, seen, now }: Services,
): Promise<Caller | undefined> {
  if (route.roles === "anyone") return undefined;
  const at = now();
  const certificate = certificateOf(raw, at);
  const credentials: Credentials = {
    authorization: valuesOf(raw, "authorization"),
    ...(certificate !== undefined && { certificate }),
  };
  const key = headers["idempotency-key"];
  // A token counts once for a change; a call without a key changes nothing, so it does not use it up.
  const isChange = route.changes !== undefined && typeof key === "string";
  return authenticate(callers, credentials, { now: at, ...(isChange && { change: { key, seen } }) });
}

function checkBody(body: NonNullable<Route["body"]>, headers: FastifyRequest["headers"]): void {
  const encoding = headers["content-encoding"];
  const packed = encoding === "gzip" && body.raw === true;
  if (mediaTypeOf(headers) !== body.type || (encoding !== undefined && encoding !== "identity" && !packed))
    throw WritError.of("WRIT8402", { expected: body.type });
}
