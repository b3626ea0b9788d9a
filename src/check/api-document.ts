/** Maps the operations of an OpenAPI document: by name, else by tag, else by the document's own security scopes. */
import { report, type Span } from "../diagnostics/index.ts";
import { type DocumentOperation, type MergedOperation, type OpenApiDocument, readOpenApi } from "../documents/index.ts";
import { type Need, type OperationTable, readNeed, readNeededScopes } from "./api-operations.ts";
import { isDiagnostic, openDocument } from "./data-files.ts";
import type { Estate } from "./estate.ts";
import { type Given, listed, look } from "./given.ts";
import { type Entry, type Properties, readEntries, readProperties, wrongType } from "./shape.ts";

interface TagRule {
  readonly kind: "read-write" | "public" | "refused";
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly keySpan: Span;
}

/** Methods that only read: safe by RFC 9110 §9.2.1, and QUERY. */
const reading = new Set(["GET", "HEAD", "OPTIONS", "QUERY"]);

/** Adds what the document has to the table; `undefined` once it is reported why that is not all. */
export function mapDocument(
  estate: Estate,
  given: Properties,
  host: string | undefined,
  table: OperationTable,
): true | undefined {
  const tags = given.read("tags", readTags);
  const security = given.read("security", readSecurity);
  const reference = given.get("openapi");
  if (!reference) {
    for (const property of ["tags", "security"])
      if (given.has(property)) estate.report(report("WRIT3046", given.keyAt(property), { property }));
    return true;
  }
  const file = openDocument(estate, reference, "`openapi`");
  if (!file) return undefined;
  const {
    value: document,
    diagnostics,
    sources,
  } = readOpenApi(file, (path) => {
    const found = estate.dataFiles(path);
    return found && !isDiagnostic(found) ? found : undefined;
  });
  estate.sources.push(...sources);
  const mergedSpans = new Set(document.merged.map(({ span }) => span));
  for (const diagnostic of diagnostics) {
    if (!diagnostic.span || !mergedSpans.has(diagnostic.span)) estate.report(diagnostic);
  }
  // With errors in it some operations are missing, and with errors in these nothing maps some: each would be reported again below.
  const unreadable = (given.has("tags") && !tags) || (given.has("security") && !security);
  if (host === undefined || unreadable || diagnostics.some((d) => d.severity === "error")) return undefined;
  const operations = operationsAt(estate, document, host, reference.expression.span);
  const mapping = { table, tags: tags ?? new Map(), security: security ?? new Map(), span: reference.expression.span };
  checkNamed(estate, operations, table);
  checkUsed(estate, operations, mapping);
  const complete = mapAll(estate, operations, mapping);
  // That requests are decided as another operation's matters only where the two need different things.
  const differing = new Set(document.merged.filter((one) => !needsTheSame(one, mapping)).map(({ span }) => span));
  for (const diagnostic of diagnostics)
    if (diagnostic.span && differing.has(diagnostic.span)) estate.report(diagnostic);
  return complete;
}

function needsTheSame(merged: MergedOperation, { table, tags, security }: Mapping): boolean {
  const need = needByTags(merged, tags) ?? needBySecurity(merged, security);
  const decides = table.needOf(`${merged.method} ${merged.into}`);
  return need !== undefined && decides !== undefined && JSON.stringify(need) === JSON.stringify(decides);
}

/** A document may describe several hosts; if ours is not among them, all of it is taken to be ours. */
function operationsAt(
  estate: Estate,
  document: OpenApiDocument,
  host: string,
  span: Span,
): readonly DocumentOperation[] {
  if (document.hosts.length === 0) return document.operations;
  if (document.hosts.includes(host)) {
    return document.operations.filter(({ hosts }) => hosts.length === 0 || hosts.includes(host));
  }
  estate.report(report("WRIT3048", span, { host, hosts: listed(document.hosts) }));
  return document.operations;
}

function nameOf({ method, path }: DocumentOperation): string {
  return `${method} ${path}`;
}

function checkNamed(estate: Estate, operations: readonly DocumentOperation[], table: OperationTable): void {
  const known = new Set(operations.map(nameOf));
  const byShape = new Map(operations.map((operation) => [shapeOf(nameOf(operation)), nameOf(operation)]));
  for (const name of table.names) {
    if (known.has(name)) continue;
    const same = byShape.get(shapeOf(name));
    const help =
      same === undefined ? estate.suggester.help(name, known) : { help: `the document calls it \`${same}\`` };
    estate.report(report("WRIT3043", table.place(name), { operation: name }, help));
  }
}

/** The same for two operations that differ only in the names of parameters. */
export function shapeOf(operation: string): string {
  return operation.replace(/\{[^{}/.]*(\.\.\.)?\}/g, "{$1}");
}

function checkUsed(estate: Estate, operations: readonly DocumentOperation[], { tags, security }: Mapping): void {
  const knownTags = new Set(operations.flatMap((operation) => operation.tags));
  const knownScopes = new Set(
    operations.flatMap((operation) =>
      operation.security.kind === "scopes" ? operation.security.alternatives.flat() : [],
    ),
  );
  for (const [tag, { keySpan }] of tags) {
    if (knownTags.has(tag)) continue;
    estate.report(report("WRIT3044", keySpan, { tag }, estate.suggester.help(tag, knownTags)));
  }
  for (const [scope, { keySpan }] of security) {
    if (knownScopes.has(scope)) continue;
    estate.report(report("WRIT3045", keySpan, { scope }, estate.suggester.help(scope, knownScopes)));
  }
}

interface Mapping {
  readonly table: OperationTable;
  readonly tags: ReadonlyMap<string, TagRule>;
  readonly security: ReadonlyMap<string, SecurityRule>;
  readonly span: Span;
}

function mapAll(estate: Estate, operations: readonly DocumentOperation[], mapping: Mapping): true | undefined {
  const unmapped: DocumentOperation[] = [];
  for (const operation of operations) {
    const name = nameOf(operation);
    if (mapping.table.has(name)) continue;
    const need = needByTags(operation, mapping.tags) ?? needBySecurity(operation, mapping.security);
    if (need) mapping.table.add(name, need, operation.span);
    else unmapped.push(operation);
  }
  const [first] = unmapped;
  if (!first) return true;
  const related = unmapped
    .slice(0, 3)
    .map((operation) => ({ span: operation.span, message: `\`${nameOf(operation)}\` is here` }));
  const parameters = { operations: listed(unmapped.map(nameOf)), count: unmapped.length };
  return estate.report(report("WRIT3042", mapping.span, parameters, { related }));
}

/** Several tags: refused if one says so, public only if all do, else all of their scopes are needed. */
function needByTags(
  operation: Pick<DocumentOperation, "method" | "tags">,
  tags: ReadonlyMap<string, TagRule>,
): Need | undefined {
  const rules = operation.tags.flatMap((tag) => tags.get(tag) ?? []);
  if (rules.length === 0) return undefined;
  if (rules.some((rule) => rule.kind === "refused")) return { kind: "refused" };
  if (rules.every((rule) => rule.kind === "public")) return { kind: "public" };
  const side = reading.has(operation.method) ? "read" : "write";
  const scopes = rules.flatMap((rule) => (rule.kind === "read-write" ? [rule[side]] : []));
  if (!scopes.every((list) => list !== undefined)) return undefined;
  return { kind: "scopes", scopes: [...new Set(scopes.flat())].sort(), minTrust: 0 };
}

/** The first of the document's alternatives whose scopes are all mapped, and which has some. */
function needBySecurity(
  { security }: Pick<DocumentOperation, "security">,
  rules: ReadonlyMap<string, SecurityRule>,
): Need | undefined {
  if (security.kind !== "scopes") return undefined;
  for (const alternative of security.alternatives) {
    const scopes = alternative.map((scope) => rules.get(scope)?.scopes);
    if (scopes.length > 0 && scopes.every((list) => list !== undefined))
      return { kind: "scopes", scopes: [...new Set(scopes.flat())].sort(), minTrust: 0 };
  }
  return undefined;
}

function readTags(estate: Estate, given: Given, title: string): ReadonlyMap<string, TagRule> | undefined {
  const entries = readEntries(estate, given, title);
  const rules = entries?.map((entry) => [entry.name, readTag(estate, entry)] as const);
  return rules?.every((rule): rule is readonly [string, TagRule] => rule[1] !== undefined) ? new Map(rules) : undefined;
}

function readTag(estate: Estate, { name, keySpan, ...given }: Entry): TagRule | undefined {
  const title = `the tag \`${name}\``;
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind === "object") {
    const sides = readProperties(estate, given, title, [], ["read", "write"]);
    const read = sides?.read("read", readNeededScopes);
    const write = sides?.read("write", readNeededScopes);
    return sides?.sound ? { kind: "read-write", ...(read && { read }), ...(write && { write }), keySpan } : undefined;
  }
  if (seen.kind === "text") {
    const need = readNeed(estate, given, title);
    return need && need.kind !== "scopes" ? { kind: need.kind, keySpan } : undefined;
  }
  const expected = '`{ read: …, write: … }`, `"public"` or `"refused"`';
  return wrongType(estate, seen, title, expected);
}

interface SecurityRule {
  readonly scopes: readonly string[];
  readonly keySpan: Span;
}

function readSecurity(estate: Estate, given: Given, title: string): ReadonlyMap<string, SecurityRule> | undefined {
  const entries = readEntries(estate, given, title);
  const rules = entries?.map(({ name, keySpan, ...value }) => {
    const scopes = readNeededScopes(estate, value, `\`${name}\``);
    return scopes && ([name, { scopes, keySpan }] as const);
  });
  return rules?.every((rule) => rule !== undefined) ? new Map(rules) : undefined;
}
