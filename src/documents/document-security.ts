/** What an OpenAPI document says about security, and what a reviewer should know of it. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import type { DocumentFiles } from "./document-files.ts";
import type { DataNode } from "./node.ts";
import { shorten } from "./registry-row.ts";
import { shape } from "./servers.ts";

export type DocumentSecurity =
  /** Neither the operation nor the document says anything. */
  | { readonly kind: "none-stated" }
  /** `security: []`, or nothing but `{}`. */
  | { readonly kind: "anonymous"; readonly span: Span }
  | {
      readonly kind: "scopes";
      readonly span: Span;
      /** One alternative is enough, all its scopes are needed; empty where its schemes (a key, a certificate) know no scopes. */
      readonly alternatives: readonly (readonly string[])[];
      /** The names of each alternative's schemes. */
      readonly schemes: readonly (readonly string[])[];
      /** `{}` stands beside the alternatives. */
      readonly optional: boolean;
    };

interface Scheme {
  readonly type: string;
  /** The scopes of its flows; absent where they are not listed in the document. */
  readonly scopes?: ReadonlySet<string>;
}

export class SecurityReader {
  readonly #schemes = new Map<string, Scheme | undefined>();
  readonly #root: DataNode;
  readonly #files: DocumentFiles;
  readonly #diagnostics: Diagnostic[];
  /** Each finding once, at the first place where it shows. */
  readonly #said = new Set<string>();

  constructor(root: DataNode, files: DocumentFiles, diagnostics: Diagnostic[]) {
    this.#root = root;
    this.#files = files;
    this.#diagnostics = diagnostics;
  }

  read(node: DataNode): DocumentSecurity {
    if (node.kind !== "array") {
      // An empty `security:` is a slip, not the statement that `[]` is.
      if (node.kind !== "null") this.#diagnostics.push(shape(node, "security", "a list of security requirements"));
      return { kind: "none-stated" };
    }
    const alternatives: string[][] = [];
    const schemes: string[][] = [];
    let optional: DataNode | undefined;
    for (const requirement of node.items()) {
      if (requirement.kind !== "object") {
        this.#diagnostics.push(shape(requirement, "security", "a list of objects"));
        continue;
      }
      const members = requirement.members().list;
      if (members.length === 0) {
        optional = requirement;
        continue;
      }
      const scopes = new Set<string>();
      for (const { key, keySpan, value } of members)
        for (const scope of this.#scopes(key, keySpan, value)) scopes.add(scope);
      alternatives.push([...scopes].sort());
      schemes.push(members.map((member) => member.key).sort());
    }
    const { span } = node;
    if (alternatives.length === 0)
      return node.items().length === 0 || optional ? { kind: "anonymous", span } : { kind: "none-stated" };
    if (optional) this.#diagnostics.push(report("WRIT5065", optional.span, {}));
    return { kind: "scopes", span, alternatives, schemes, optional: optional !== undefined };
  }

  /** The scopes that one scheme of a requirement demands. Of other types than these two the list may name roles, which are no scopes. */
  #scopes(name: string, keySpan: Span, value: DataNode): string[] {
    const scheme = this.#scheme(name);
    if (!scheme) {
      this.#once(`scheme ${name}`, () => report("WRIT5063", keySpan, { scheme: shorten(name) }));
      return [];
    }
    if (value.kind !== "array" && value.kind !== "null")
      this.#diagnostics.push(shape(value, shorten(name), "a list of scopes"));
    if (scheme.type !== "oauth2" && scheme.type !== "openIdConnect") return [];
    const scopes: string[] = [];
    for (const item of value.items()) {
      if (item.kind !== "string") {
        this.#diagnostics.push(shape(item, shorten(name), "a list of scopes"));
        continue;
      }
      const scope = item.text;
      scopes.push(scope);
      if (scheme.scopes && !scheme.scopes.has(scope)) {
        const parameters = { scope: shorten(scope), scheme: shorten(name) };
        this.#once(`scope ${name} ${scope}`, () => report("WRIT5064", item.span, parameters));
      }
    }
    return scopes;
  }

  #scheme(name: string): Scheme | undefined {
    if (!this.#schemes.has(name)) this.#schemes.set(name, this.#readScheme(name));
    return this.#schemes.get(name);
  }

  #readScheme(name: string): Scheme | undefined {
    const declared = this.#root.members().get("components")?.value.members().get("securitySchemes")?.value;
    const written = declared?.members().get(name)?.value;
    const node = written && this.#files.follow(written);
    if (!node) return undefined;
    const type = node.members().get("type")?.value.text ?? "";
    const place = node.members().get("in")?.value;
    if (type === "apiKey" && place?.text === "query")
      this.#once(`query ${name}`, () => report("WRIT5066", place.span, { scheme: shorten(name) }));
    if (type !== "oauth2") return { type };
    const scopes = new Set<string>();
    for (const flow of node.members().get("flows")?.value.members().list ?? [])
      for (const scope of flow.value.members().get("scopes")?.value.members().list ?? []) scopes.add(scope.key);
    return { type, scopes };
  }

  #once(key: string, diagnostic: () => Diagnostic): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#diagnostics.push(diagnostic());
  }
}
