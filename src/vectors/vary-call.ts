/** Steps 6 to 9: another path, operation, scope or fact. */
import { type Api, type Condition, factsOf, type Operation, splitScopes } from "../model/index.ts";
import { type Change, repairFacts } from "../why/index.ts";
import { issuerOf } from "./credential.ts";
import { type Base, pathOf } from "./requests.ts";
import { asked, each, type Variation } from "./variation.ts";

export function varyCall(base: Base): readonly Variation[] {
  return [...paths(base), ...operations(base), ...(base.input.token ? scopes(base) : []), ...facts(base)];
}

const oddSegments = [
  "..",
  ".",
  "",
  "%2e",
  "%2F",
  "%25",
  "%5C",
  "%3B",
  "%00",
  "%7F",
  "%7E",
  "%c3%a9",
  "%C3%A9",
  "%C3",
  "%C0%80",
  "%ED%A0%80",
  "%F4%90%80%80",
  "%F0%9F%98%80",
  "%20",
  "%",
  "%4",
  "a;b",
  "a b",
  "\u00e9",
  "a\u0001",
  "a?b",
  "a#b",
  "a\\b",
  "x:y@z",
  "~!$&'()*+,=",
];

function paths({ input, number }: Base): readonly Variation[] {
  const { path } = input.request;
  const cut = path.lastIndexOf("/");
  return [
    // A third of them for each request, last in the path and in its middle.
    ...oddSegments
      .filter((_, i) => (i + number) % 3 === 0)
      .flatMap((segment) =>
        each(["request", "path"], `${path.slice(0, cut)}/${segment}`, `/${segment}${path}`, `${path}/${segment}`),
      ),
    ...each(["request", "path"], "", "/", "//", "*", path.slice(1), `${path}/`, `${path}//`, `${path}?a=b`),
    ...each(["request", "path"], path.slice(0, cut), `${path}/x`, `/x${path}`, path.toUpperCase(), `${path}x`),
  ];
}

function operations({ input, model, number }: Base): readonly Variation[] {
  const { host, path, method } = input.request;
  const { apis } = model;
  const all = apis.flatMap((api) => api.operations.map((operation) => ({ api, operation })));
  const others = [1, 2, 3].flatMap((step) => all[(number * 5 + step * 13) % all.length] ?? []);
  return [
    ...each(["request", "method"], "GET", "POST", "PUT", "DELETE", "HEAD", "TRACE", "CONNECT", "", "__proto__"),
    ...each(["request", "method"], method.toLowerCase()),
    ...each(["request", "host"], "elsewhere.example.com", "", `${host}.`, `${host}:443`, host.toUpperCase()),
    ...apis.slice(0, 4).flatMap((api) => each(["request", "host"], api.host)),
    ...others.flatMap((other): Variation[] => [
      otherOperation(other, path),
      [...otherOperation(other, path), asked(["token", "scope"], other.operation.scopes.join(" "))].filter(
        ({ at }) => at[0] !== "token" || input.token !== undefined,
      ),
    ]),
  ];
}

function otherOperation(
  { api, operation }: { readonly api: Api; readonly operation: Operation },
  path: string,
): Change[] {
  const other = pathOf(operation.template);
  return [
    asked(["request", "host"], api.host, `it asks for ${api.host} ${operation.name}`),
    asked(["request", "method"], operation.method, ""),
    asked(["request", "path"], other === path ? path : other, ""),
  ];
}

function scopes({ input, model, scene, identity }: Base): readonly Variation[] {
  const carried = splitScopes(String(input.token?.scope ?? "")) ?? [];
  const needed = scene.found?.operation.scopes ?? [];
  const broader = model.scopes.filter(({ implies }) => needed.some((scope) => implies.includes(scope))).slice(0, 3);
  const foreign = (identity && issuerOf(model, identity)?.translate) ?? [];
  return each(
    ["token", "scope"],
    undefined,
    "",
    "*",
    "none",
    carried.toReversed().join(" "),
    [...carried, "none", ...carried].join(" "),
    ` ${carried.join(" ")}`,
    `${carried.join(" ")} `,
    carried.join("  "),
    carried.join(" ").toUpperCase(),
    `${carried.join(" ")} \u00e9`,
    `${carried.join(" ")} a"b`,
    ...carried.map((scope) => carried.filter((other) => other !== scope).join(" ")),
    ...broader.map(({ name }) => name),
    ...foreign.slice(0, 6).map(({ from }) => from),
    model.scopes
      .slice(0, 20)
      .map(({ name }) => name)
      .join(" "),
  );
}

/** What the conditions read that bear on this request: values that turn them, and values that nobody can read. */
function facts({ scene, input }: Base): readonly Variation[] {
  const { call, lookup } = scene;
  if (!call) return [];
  const { name } = call.credential.identity;
  const needed = call.found.operation.scopes;
  const conditions = [...lookup.grantsTo(name), ...lookup.deniesTo(name)]
    .filter(({ scopes: about }) => about.some((scope) => needed.includes(scope)))
    .flatMap(({ when }): Condition[] => (when ? [when] : []))
    .slice(0, 8);
  const headers = conditions
    .flatMap((condition) => factsOf(condition, lookup.condition))
    .flatMap((fact) => (fact.kind === "header" ? [fact.name] : []));
  const turned = conditions.flatMap((condition) => [
    ...repairFacts(condition, call, false),
    ...repairFacts(condition, call, true),
  ]);
  const now = (header: string): unknown => input.request.headers?.[header] ?? "text";
  return [
    ...turned.filter((changes) => changes.every((change) => change.in === "request")),
    ...[...new Set(headers)].flatMap((header) =>
      each(
        ["request", "headers", header],
        undefined,
        [now(header)].flat(),
        [now(header), now(header)].flat(),
        [],
        "",
        "other",
      ),
    ),
    ...each(["request", "headers"], undefined),
    ...each(["request", "ip"], undefined, "", "x", "203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1", "10.0.0.1"),
    ...each(["request", "ip"], "010.0.0.1", "1.2.3", "1.2.3.4/8", "255.255.255.255", "::"),
  ];
}
