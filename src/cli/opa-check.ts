/** Reads somebody's configuration of OPA and names each setting by which OPA would load what nobody signed, or nothing new. */

import { type Diagnostic, report, type Source, type Span } from "../diagnostics/index.ts";
import { type DataNode, decodeDataFile, type Member, noMembers, readYamlNode } from "../documents/index.ts";
import { isLoopback } from "./loopback.ts";
/** Bytes: thousands of bundles with their keys. */
export const largestOpaConfig = 1024 * 1024;

/** Of a file, where nothing else is said: OPA would unpack as much before it looks at a signature. */
const NO_LIMIT = 1024 * 1024 * 1024;

/** Whoever has more of them begins anew. */
const MOST_FINDINGS = 1000;

interface CheckedOpaConfig {
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What environment variables and `--set` add to a configuration is not in the file, so nothing is said of it; what a setting needs
 * must stand in the file.
 */
export function checkOpaConfig(path: string, bytes: Uint8Array): CheckedOpaConfig {
  const { source, problem } = decodeDataFile({ path, bytes }, largestOpaConfig);
  if (problem) return { source, diagnostics: [problem] };
  const read = readYamlNode(source);
  if (!read.root) return { source, diagnostics: read.problem ? [read.problem] : [] };
  return { source, diagnostics: new OpaConfigCheck(read.root).run() };
}

class OpaConfigCheck {
  readonly #root: DataNode;
  readonly #found: Diagnostic[] = [];

  constructor(root: DataNode) {
    this.#root = root;
  }

  run(): readonly Diagnostic[] {
    const bundles = this.#named("bundles");
    const [discovery, bundle] = [this.#root.members().get("discovery"), this.#root.members().get("bundle")];
    for (const member of bundles) this.#checkBundle(`bundles.${member.key}`, member, true);
    // OPA limits no file of a discovery bundle, and has one bundle under this older name.
    if (discovery) this.#checkBundle("discovery", discovery, false);
    if (bundle) this.#checkBundle("bundle", bundle, true);
    if (bundles.length === 0 && !discovery && !bundle) this.#say(report("WRIT7028", firstOf(this.#root), {}));
    for (const member of this.#named("keys")) this.#checkKey(member);
    for (const { name, node, span } of this.#services()) this.#checkService(name, node, span);
    this.#checkTwice();
    return this.#found;
  }

  #checkBundle(bundle: string, { keySpan, value }: Member, sized: boolean): void {
    const settings = value.members();
    const signing = settings.get("signing")?.value.members() ?? noMembers;
    const keyId = signing.get("keyid")?.value;
    if (!isText(keyId)) this.#say(report("WRIT7020", keySpan, { bundle }));
    if (!isText(signing.get("scope")?.value) && !isText(this.#scopeOfKey(keyId)))
      this.#say(report("WRIT7021", keySpan, { bundle }));
    const persist = settings.get("persist");
    if (persist?.value.kind !== "boolean" || persist.value.text !== "true")
      this.#say(report("WRIT7022", persist?.value.span ?? keySpan, { bundle }));
    const excluded = signing.get("exclude_files");
    if (excluded && excluded.value.items().length > 0) this.#say(report("WRIT7023", excluded.keySpan, { bundle }));
    if (sized) this.#checkSize(bundle, keySpan, settings.get("size_limit_bytes")?.value);
  }

  #checkSize(bundle: string, keySpan: Span, limit: DataNode | undefined): void {
    const bytes = limit?.kind === "number" ? Number(limit.text) : 0;
    if (!(bytes > 0 && bytes < NO_LIMIT)) this.#say(report("WRIT7024", limit?.span ?? keySpan, { bundle }));
  }

  #scopeOfKey(keyId: DataNode | undefined): DataNode | undefined {
    const keys = this.#root.members().get("keys")?.value.members();
    return keyId && keys?.get(keyId.text)?.value.members().get("scope")?.value;
  }

  #checkKey({ key, keySpan, value }: Member): void {
    const algorithm = value.members().get("algorithm")?.value;
    // What OPA takes where nothing is said.
    const name = isText(algorithm) ? algorithm.text : "RS256";
    if (name !== "ES256") this.#say(report("WRIT7025", algorithm?.span ?? keySpan, { key, algorithm: name }));
  }

  #checkService(service: string, node: DataNode, span: Span): void {
    const settings = node.members();
    const url = settings.get("url")?.value;
    if (url && isPlain(url.text)) this.#say(report("WRIT7026", url.span, { service, fault: "http" }));
    const insecure = settings.get("allow_insecure_tls")?.value;
    if (insecure && insecure.text !== "false") this.#say(report("WRIT7026", insecure.span, { service, fault: "tls" }));
    const type = settings.get("type")?.value;
    if (type?.text === "oci") this.#say(report("WRIT7026", type.span, { service, fault: "oci" }));
    const bearer = settings.get("credentials")?.value.members().get("bearer")?.value.members();
    const token = bearer?.get("token")?.value;
    // `${NAME}` is taken from the environment, where a secret may be.
    if (isText(token) && !/^\$\{[^}]+\}$/.test(token.text))
      this.#say(report("WRIT7027", bearer?.get("token")?.keySpan ?? span, { service }));
  }

  /** By their names, or as a list in which each has one. */
  #services(): readonly { readonly name: string; readonly node: DataNode; readonly span: Span }[] {
    const services = this.#root.members().get("services")?.value;
    const listed = (services?.items() ?? []).map((node) => ({
      name: node.members().get("name")?.value.text ?? "",
      node,
      span: node.span,
    }));
    return [
      ...listed,
      ...this.#named("services").map(({ key, keySpan, value }) => ({ name: key, node: value, span: keySpan })),
    ];
  }

  #named(name: string): readonly Member[] {
    return this.#root.members().get(name)?.value.members().list ?? [];
  }

  /** Which of the two OPA would take is not for us to guess. Aliases lead to the same nodes: each is looked at once. */
  #checkTwice(): void {
    const seen = new Set<DataNode>([this.#root]);
    for (const node of seen) {
      const { list, duplicates } = node.members();
      for (const { key, keySpan } of duplicates) this.#say(report("WRIT5008", keySpan, { key }));
      for (const { value } of list) seen.add(value);
    }
  }

  #say(diagnostic: Diagnostic): void {
    if (this.#found.length < MOST_FINDINGS) this.#found.push(diagnostic);
  }
}

function isText(node: DataNode | undefined): node is DataNode {
  return node?.kind === "string" && node.text !== "";
}

/** A URL that is made of the environment alone says nothing. */
function isPlain(text: string): boolean {
  if (!/^http:/i.test(text.trim())) return false;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url === undefined || !isLoopback(url.hostname);
}

function firstOf({ span }: DataNode): Span {
  return { ...span, end: Math.min(span.end, span.start + 1) };
}
