/** One port's routes on Fastify: who asks is proved before a body is read, and whatever is refused is refused in one way. */
import type { Server } from "node:http";
import { Readable } from "node:stream";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Caller, eventErrorOf, refusalOf as refusedCredential } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { readJson } from "../json/index.ts";
import type { Connections } from "./connections.ts";
import { asWritError, refusalOf } from "./errors.ts";
import { guard } from "./guard.ts";
import { checkHeaders, idempotencyKeyOf, ifMatchOf, waitOf } from "./headers.ts";
import { makeListener, statusOf } from "./listener.ts";
import { malformed } from "./malformed.ts";
import type { PortName } from "./metrics.ts";
import { type Asked, fastifyPath, type Reply, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** What is known of a request while it is served. */
interface Known {
  readonly begun: number;
  /** Of a request that is held. */
  controller?: AbortController;
  caller?: Caller;
  code?: string;
  /** Why a credential was none, for the log. */
  reason?: string;
  audited?: boolean;
}

declare module "fastify" {
  interface FastifyRequest {
    known: Known;
  }
  interface FastifyContextConfig {
    route?: Route;
  }
}

export interface Port {
  readonly fastify: FastifyInstance;
  readonly server: Server;
  readonly connections: Connections;
}

export async function makePort(name: PortName, routes: readonly Route[], services: Services): Promise<Port> {
  const { limits, publisher } = services;
  const fastify = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: limits.apiBody,
    // Nothing is added, removed or converted: what is not as described is refused (threat P08).
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false } },
    frameworkErrors: (_error, request, reply) => {
      request.known ??= know();
      refuse(WritError.of("WRIT8404", {}), request, reply);
    },
    serverFactory: (handler) =>
      makeListener(handler, {
        limits,
        connections: services.connections[name],
        tls: services.tls,
        refused: (error) => {
          services.metrics.refused(error.reason);
          publisher.refused("read", error.reason);
        },
      }),
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    try {
      done(null, readBody(request.routeOptions.config.route, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  const refuse = (error: WritError, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, problem, headers } = refusalOf(error);
    const { known } = request;
    known.code = problem.code;
    services.metrics.refused(problem.code);
    const credential = refusedCredential(error);
    if (credential) known.reason = credential.reason;
    if (!known.audited) publisher.refused(actionOf(request), problem.code, known.caller ?? credential?.caller);
    if (error.code === "WRIT8410") services.log.mistake(error.cause);
    secure(reply);
    reply
      .code(statusOf(error, status))
      .headers(headers)
      .header("content-type", "application/json")
      .send(Buffer.from(JSON.stringify({ ...problem, ...eventErrorOf(error) })));
  };

  /** The answer was taken as a whole, or the other side has left. */
  const ended = (request: FastifyRequest, { raw }: FastifyReply): void => {
    const { controller, begun, caller, code, reason } = request.known;
    if (!raw.writableFinished) controller?.abort(GONE);
    services.slow.end(raw);
    // An answer that began before says that the connection stays.
    if (services.isStopping) request.raw.socket.destroySoon();
    services.served(name, {
      method: request.method,
      route: patternOf(request),
      status: raw.writableFinished ? raw.statusCode : "gone",
      milliseconds: performance.now() - begun,
      isRoutine: request.routeOptions.config.route?.waits === true,
      ...(caller && { caller: caller.name }),
      ...(code !== undefined && { code }),
      ...(reason !== undefined && { reason }),
    });
  };

  fastify.addHook("onRequest", async (request, reply) => {
    request.known = know();
    reply.raw.once("close", () => ended(request, reply));
    secure(reply);
    checkHeaders(request.raw, limits.headerCount);
    if (services.isStopping) throw WritError.of("WRIT8408", { shortage: "stopping" });
    const { route } = request.routeOptions.config;
    if (route) await guard(route, request, services);
  });
  fastify.addHook("onSend", async (_request, reply, payload) => {
    if (services.isStopping) reply.header("connection", "close");
    services.slow.begin(reply.raw, payload instanceof Readable && reply.getHeader("content-type") === EVENTS);
    return payload;
  });
  fastify.setErrorHandler((error, request, reply) => {
    request.known ??= know();
    refuse(asWritError(malformed(error, request)), request, reply);
  });
  fastify.setNotFoundHandler((request, reply) => refuse(WritError.of("WRIT8404", {}), request, reply));

  for (const route of routes) {
    fastify.route({
      method: route.method,
      url: fastifyPath(route.path),
      config: { route },
      schema: schemaOf(route),
      ...(route.body && { bodyLimit: route.body.limit }),
      handler: async (request, reply) => answer(reply, await route.handle(askedBy(route, request, services))),
    });
  }
  await fastify.ready();
  return { fastify, server: fastify.server, connections: services.connections[name] };
}

const EVENTS = "text/event-stream";

/** Why a request is held no longer: made once, since thousands may leave at a time. */
const GONE = "the other side has left";

/** Who asks where anyone may. */
const NOBODY: Caller = { name: "", issuer: "", subject: "", thumbprint: "", person: "", roles: new Set() };

function know(): Known {
  return { begun: performance.now() };
}

function secure(reply: FastifyReply): void {
  reply.header("x-content-type-options", "nosniff").header("cache-control", "no-store");
}

/** The route, never the address as it was sent: that may hold a secret, and is as long as somebody likes. */
function patternOf(request: FastifyRequest): string {
  return request.routeOptions.config.route?.path ?? "none";
}

function actionOf(request: FastifyRequest): string {
  return `${request.method} ${patternOf(request)}`;
}

function schemaOf({ parameters, query, body }: Route): object {
  const strict = (properties: object, required: readonly string[]) => ({
    type: "object",
    properties,
    required,
    additionalProperties: false,
  });
  return {
    ...(parameters && { params: strict(parameters, Object.keys(parameters)) }),
    ...(query && { querystring: strict(query, []) }),
    ...(body?.schema && !body.raw && { body: body.schema }),
  };
}

/** @throws WritError `request-malformed` */
function readBody(route: Route | undefined, bytes: Buffer): unknown {
  if (route?.body?.type !== "application/json" || route.body.raw) return bytes;
  const read = readJson(bytes, { size: route.body.limit, depth: 32 });
  if (read.failure) throw WritError.of("WRIT8401", { place: "the body", fault: "json" });
  return read.value;
}

function askedBy(route: Route, request: FastifyRequest, services: Services): Asked {
  const { known, headers } = request;
  const url = request.raw.url ?? "";
  const question = url.indexOf("?");
  const caller = known.caller ?? NOBODY;
  const ifMatch = route.changes === "policy" ? ifMatchOf(headers) : undefined;
  return {
    caller,
    parameters: request.params as Record<string, string>,
    query: question < 0 ? "" : url.slice(question + 1),
    body: request.body,
    headers,
    wait: route.waits ? waitOf(headers, services.limits.longestWait) : 0,
    hold: (until) => {
      known.controller = new AbortController();
      // Whoever left while it was looked at who they are is not waited for.
      if (request.raw.socket.destroyed) known.controller.abort(GONE);
      return services.held.wait(caller.name, known.controller, until);
    },
    get call() {
      const idempotencyKey = idempotencyKeyOf(headers);
      return { caller, idempotencyKey, ...(ifMatch !== undefined && { ifMatch }) };
    },
    known: (proved) => {
      known.caller = proved;
    },
    judged: async (decision) => {
      try {
        return await decision;
      } catch (error) {
        known.audited = true;
        throw error;
      }
    },
  };
}

/** Larger answers go in pieces, so that it shows whether they are taken. */
const PIECE = 8 * 1024;
const IN_PIECES = 256 * 1024;

function answer(reply: FastifyReply, { status, body, type, headers }: Reply): FastifyReply {
  reply.code(status).headers({ ...headers });
  if (body === undefined) return reply.send();
  if (typeof body === "string" || body instanceof Readable) return reply.type(type ?? "text/plain").send(body);
  if (!(body instanceof Uint8Array))
    return reply.header("content-type", type ?? "application/json").send(Buffer.from(JSON.stringify(body)));
  reply.header("content-type", type ?? "application/octet-stream").header("content-length", body.length);
  if (body.length <= IN_PIECES) return reply.send(Buffer.from(body.buffer, body.byteOffset, body.length));
  return reply.send(Readable.from(piecesOf(body), { objectMode: false }));
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
