/** The description of the API (OpenAPI 3.1), written from the routes themselves: what is served is described, and nothing else. */
import type { AnswerDescription, Route, Schema } from "./route.ts";
import { REST } from "./route.ts";
import * as schemas from "./schemas.ts";

/** Refusals that any route may have, by what it asks for. */
const refusals: readonly (readonly [number, string, (route: Route) => boolean])[] = [
  [400, "the request can't be read, or has no idempotency key", ({ method }) => method !== "GET"],
  [401, "who asks is not proved", ({ roles }) => roles !== "anyone"],
  [403, "who asks may not", ({ roles, method }) => roles !== "anyone" || method !== "GET"],
  [404, "there is nothing here", isNamed],
  [409, "it clashes with what was done before", ({ changes }) => changes !== undefined],
  [412, "the head has moved", ({ changes }) => changes === "policy"],
  [413, "the body is too large", ({ body }) => body !== undefined],
  [415, "the body is of another type", ({ body }) => body !== undefined],
  [422, "it is not what is described here", ({ body, query }) => body !== undefined || query !== undefined],
  [429, "too often, or too many at once", ({ limited, waits }) => limited !== undefined || waits !== undefined],
  [503, "not now", () => true],
  [507, "there is no room on the disk", ({ changes }) => changes !== undefined],
];

/** Something is named that may not be there. */
function isNamed({ parameters, path, changes }: Route): boolean {
  return parameters !== undefined || path.endsWith(REST) || path.startsWith("/opa/") || changes === "policy";
}

interface DescribedPort {
  readonly name: string;
  readonly url: string;
  readonly routes: readonly Route[];
}

export function describeApi(ports: readonly DescribedPort[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { name, url, routes } of ports) {
    for (const route of routes) {
      paths[route.path] ??= {};
      const item = paths[route.path]!;
      const key = route.method.toLowerCase();
      const known = item[key] as { tags: string[]; servers: object[] } | undefined;
      // The same route on both ports is described once.
      if (known) item[key] = { ...known, tags: [...known.tags, name], servers: [...known.servers, { url }] };
      else item[key] = { ...operation(route), tags: [name], servers: [{ url }] };
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Writ: publisher",
      version: "1",
      summary: "Policy and revocations for gateways, and all that can be done to them",
    },
    tags: ports.map(({ name }) => ({ name, description: `the ${name} port` })),
    paths,
    components: {
      schemas: { Problem: schemas.problem },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "an access token, or the fixed token of a gateway" },
        certificate: { type: "mutualTLS", description: "a client certificate that the publisher knows" },
      },
    },
  };
}

function operation(route: Route): object {
  const { method, path, summary, roles, body } = route;
  const words = typeof roles === "object" ? `For: ${roles.join(", ")}.` : undefined;
  return {
    operationId: idOf(method, path),
    summary,
    ...(words !== undefined && { description: words }),
    security: roles === "anyone" ? [] : [{ bearer: [] }, { certificate: [] }],
    parameters: parametersOf(route),
    ...(body && {
      requestBody: { required: true, content: { [body.type]: body.schema ? { schema: body.schema } : {} } },
    }),
    responses: responsesOf(route),
  };
}

/** `GET /v1/revocations/{sequence}/reach` → `getV1RevocationsSequenceReach`. */
function idOf(method: string, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}

function parametersOf({ path, parameters, query, changes, waits }: Route): readonly object[] {
  const header = (name: string, description: string, schema: Schema, required: boolean) =>
    ({ name, in: "header", required, description, schema }) as const;
  const inPath = path.endsWith(REST) ? { path: schemas.text } : (parameters ?? {});
  return [
    ...Object.entries(inPath).map(([name, schema]) => ({ name, in: "path", required: true, schema })),
    ...Object.entries(query ?? {}).map(([name, schema]) => ({ name, in: "query", required: false, schema })),
    ...(waits
      ? [header("Prefer", "`wait=30`: seconds for which the answer may be held, at most 60", schemas.text, false)]
      : []),
    ...(changes
      ? [
          header(
            "Idempotency-Key",
            "calls with the same one have one effect and one answer for 24 hours",
            schemas.idempotencyKey,
            true,
          ),
        ]
      : []),
    ...(changes === "policy"
      ? [header("If-Match", 'the head that was looked at: `"7"`', schemas.entityTag, true)]
      : []),
  ];
}

function responsesOf(route: Route): object {
  const refused = refusals.filter(([status, , applies]) => applies(route) && !route.answers[status]);
  const problem = { $ref: "#/components/schemas/Problem" };
  return Object.fromEntries([
    ...Object.entries(route.answers).map(([status, answer]) => [status, response(answer)]),
    ...refused.map(([status, description]) => [
      String(status),
      { description, content: { "application/json": { schema: problem } } },
    ]),
  ]);
}

function response({ description, type, schema }: AnswerDescription): object {
  if (!type && !schema) return { description };
  return { description, content: { [type ?? "application/json"]: schema ? { schema } : {} } };
}
