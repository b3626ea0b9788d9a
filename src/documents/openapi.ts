/** OpenAPI 3.0, 3.1 and 3.2 documents: the operations in them, in our path syntax, each with its place. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import type { DataFile, Read } from "./data-file.ts";
import { DocumentFiles } from "./document-files.ts";
import { type DocumentSecurity, SecurityReader } from "./document-security.ts";
import type { DataNode, Member } from "./node.ts";
import { type DocumentOperation, type FoundOperation, type MergedOperation, tellApart } from "./operations.ts";
import { readTemplate } from "./path-template.ts";
import { shorten } from "./registry-row.ts";
import { type Base, readServers, rootBase, shape } from "./servers.ts";

export interface OpenApiDocument {
  readonly version: string;
  readonly title: string;
  /** Every host that a server names, sorted. */
  readonly hosts: readonly string[];
  /** In the order of the document. */
  readonly operations: readonly DocumentOperation[];
  /** Operations whose requests another one decides; each was warned about. */
  readonly merged: readonly MergedOperation[];
}

const MOST_OPERATIONS = 50_000;
/** Members of path items, those that aliases and references repeat included. */
const MOST_FIELDS = 1_000_000;

const METHODS = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);
const PATH_FIELDS = new Set(["$ref", "summary", "description", "servers", "parameters"]);

const nothing: OpenApiDocument = { version: "", title: "", hosts: [], operations: [], merged: [] };

/**
 * Reads what the policy needs and looks at nothing else. A fault inside one operation leaves the others usable; `resolve` gives
 * the files that relative `$ref`s name.
 */
export function readOpenApi(file: DataFile, resolve: (path: string) => DataFile | undefined): Read<OpenApiDocument> {
  const diagnostics: Diagnostic[] = [];
  const files = new DocumentFiles(resolve, diagnostics);
  const root = files.open(file);
  const version = root && readVersion(root, diagnostics);
  const value = root && version ? new DocumentReader(root, version, files, diagnostics).read() : nothing;
  return { value, diagnostics, sources: files.sources };
}

function readVersion(root: DataNode, diagnostics: Diagnostic[]): string | undefined {
  const members = root.members();
  const version = members.get("openapi");
  const swagger = members.get("swagger");
  const { span } = root;
  if (!version && swagger) {
    diagnostics.push(report("WRIT5051", swagger.value.span, { version: shorten(swagger.value.text) }));
  } else if (!version) {
    diagnostics.push(report("WRIT5052", { ...span, end: Math.min(span.end, span.start + 1) }, {}));
  } else if (/^3\.[012](\.[0-9]+)?(-.+)?$/.test(version.value.text)) return version.value.text;
  else diagnostics.push(report("WRIT5050", version.value.span, { version: shorten(version.value.text) }));
  return undefined;
}

class DocumentReader {
  readonly #root: DataNode;
  readonly #version: string;
  readonly #files: DocumentFiles;
  readonly #diagnostics: Diagnostic[];
  readonly #security: SecurityReader;
  readonly #documentSecurity: DocumentSecurity;
  readonly #documentBases: readonly Base[];
  readonly #hosts = new Set<string>();
  readonly #found: FoundOperation[] = [];
  #fields = 0;
  #full = false;

  constructor(root: DataNode, version: string, files: DocumentFiles, diagnostics: Diagnostic[]) {
    this.#root = root;
    this.#version = version;
    this.#files = files;
    this.#diagnostics = diagnostics;
    this.#security = new SecurityReader(root, files, diagnostics);
    this.#reportDuplicates(root);
    const security = root.members().get("security");
    this.#documentSecurity = security ? this.#security.read(security.value) : { kind: "none-stated" };
    this.#documentBases = this.#bases(root, rootBase);
  }

  read(): OpenApiDocument {
    const written = this.#root.members().get("paths")?.value;
    // Absent or null is a document of webhooks only.
    const paths = written && this.#files.follow(written);
    if (paths && paths.kind !== "object" && paths.kind !== "null")
      this.#diagnostics.push(shape(paths, "paths", "an object of paths"));
    if (paths) this.#reportDuplicates(paths);
    for (const member of paths?.members().list ?? []) {
      if (this.#full) break;
      if (!member.key.startsWith("x-")) this.#readPath(member);
    }
    const { operations, merged } = tellApart(this.#found, this.#diagnostics);
    this.#reportGap(operations);
    const title = this.#root.members().get("info")?.value.members().get("title")?.value.text ?? "";
    return { version: this.#version, title, hosts: [...this.#hosts].sort(), operations, merged };
  }

  #readPath({ key, keySpan, value }: Member): void {
    const own = value.kind === "null" ? undefined : value;
    if (!own) return;
    if (own.kind !== "object") {
      this.#diagnostics.push(shape(own, shorten(key), "an object of operations"));
      return;
    }
    // Operations beside a `$ref` are added to those behind it; the same method in both places collides below.
    const target = this.#files.follow(own);
    const items = target && target !== own ? [target, own] : [own];
    for (const item of items) {
      if (item.kind !== "object") {
        this.#diagnostics.push(shape(item, shorten(key), "an object of operations"));
        continue;
      }
      const bases = this.#bases(item, this.#documentBases);
      this.#reportDuplicates(item);
      for (const member of item.members().list) {
        if (++this.#fields > MOST_FIELDS) {
          this.#stop("fields in its paths", MOST_FIELDS, keySpan);
          return;
        }
        this.#readField(member, key, keySpan, bases);
      }
    }
  }

  #readField(member: Member, path: string, pathSpan: Span, bases: readonly Base[]): void {
    const { key, keySpan, value } = member;
    if (key.startsWith("x-") || PATH_FIELDS.has(key)) return;
    const since32 = this.#version.startsWith("3.2");
    if (METHODS.has(key) || (since32 && key === "query")) {
      this.#readOperation(key.toUpperCase(), member, path, pathSpan, bases);
    } else if (since32 && key === "additionalOperations") {
      if (value.kind !== "object") this.#diagnostics.push(shape(value, key, "an object of operations"));
      this.#reportDuplicates(value);
      for (const additional of value.members().list) {
        if (++this.#fields > MOST_FIELDS) {
          this.#stop("fields in its paths", MOST_FIELDS, pathSpan);
          return;
        }
        // RFC 9110 §9.1: methods are case-sensitive tokens; a decision knows upper-case ones only.
        if (/^[A-Z][A-Z0-9-]{0,31}$/.test(additional.key))
          this.#readOperation(additional.key, additional, path, pathSpan, bases);
        else {
          const parameters = {
            path: shorten(`${additional.key} ${path}`),
            problem: "a method is a word in upper case",
          };
          this.#diagnostics.push(report("WRIT5057", additional.keySpan, parameters));
        }
      }
    } else this.#diagnostics.push(this.#unknownField(key, path, keySpan));
  }

  #unknownField(field: string, path: string, span: Span): Diagnostic {
    return report("WRIT5061", span, { field: shorten(field), path: shorten(path) });
  }

  #readOperation(
    method: string,
    { keySpan, value }: Member,
    path: string,
    pathSpan: Span,
    inherited: readonly Base[],
  ): void {
    if (method === "TRACE" || method === "CONNECT") {
      this.#diagnostics.push(report("WRIT5060", keySpan, { method, path: shorten(path) }));
      return;
    }
    if (value.kind !== "object") {
      this.#diagnostics.push(shape(value, method.toLowerCase(), "an operation", keySpan));
      return;
    }
    this.#reportDuplicates(value);
    const members = value.members();
    const stated = members.get("security");
    const security = stated ? this.#security.read(stated.value) : this.#documentSecurity;
    const operationId = members.get("operationId")?.value;
    const tags = this.#readTags(members.get("tags")?.value);
    for (const base of this.#bases(value, inherited)) {
      if (this.#found.length === MOST_OPERATIONS) {
        this.#stop("operations", MOST_OPERATIONS, pathSpan);
        return;
      }
      const template = readTemplate(base.path, path);
      this.#found.push({
        method,
        written: base.path + path,
        template,
        pathSpan,
        operation: {
          written: path,
          hosts: base.hosts,
          tags,
          ...(operationId && operationId.text !== "" && { operationId: operationId.text }),
          security,
          span: keySpan,
        },
      });
    }
  }

  #readTags(node: DataNode | undefined): readonly string[] {
    if (!node || node.kind === "null") return [];
    if (node.kind !== "array") {
      this.#diagnostics.push(shape(node, "tags", "a list of texts"));
      return [];
    }
    return node
      .items()
      .map((tag) => tag.text)
      .filter((tag) => tag !== "");
  }

  #bases(node: DataNode, inherited: readonly Base[]): readonly Base[] {
    const servers = node.members().get("servers");
    if (!servers || (servers.value.kind === "array" && servers.value.items().length === 0)) return inherited;
    const bases = readServers(servers.value, this.#diagnostics);
    for (const base of bases) for (const host of base.hosts) this.#hosts.add(host);
    return bases;
  }

  #reportDuplicates(node: DataNode): void {
    for (const { key, keySpan } of node.members().duplicates)
      this.#diagnostics.push(report("WRIT5008", keySpan, { key: shorten(key) }));
  }

  /** A document that states security for some operations has forgotten the others; one that states none leaves it to the policy. */
  #reportGap(operations: readonly DocumentOperation[]): void {
    const without = operations.filter((operation) => operation.security.kind === "none-stated");
    const [first] = without;
    if (!first || without.length === operations.length) return;
    const operation = shorten(`${first.method} ${first.written}`);
    const parameters = { operation, without: without.length, total: operations.length };
    this.#diagnostics.push(report("WRIT5067", first.span, parameters));
  }

  #stop(what: string, limit: number, span: Span): void {
    if (!this.#full) this.#diagnostics.push(report("WRIT5068", span, { what, limit }));
    this.#full = true;
  }
}
