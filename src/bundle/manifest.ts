/** The file `.manifest`. */
import { type ManifestFault, WritError } from "../diagnostics/index.ts";
import { canonicalJson, type JsonObject, type JsonValue } from "../json/index.ts";
import { MANIFEST, type Manifest, type Metadata } from "./bundle.ts";
import { hasExactly, isObject, isStrings, readJsonFile } from "./json-file.ts";

function refused(fault: ManifestFault): WritError {
  return WritError.of("WRIT7009", { fault });
}

/** INVARIANT: exactly the roots that were asked for; a wider root would let a bundle replace what another one owns. */
export function readManifest(bytes: Uint8Array | undefined, roots: readonly string[]): Manifest {
  if (!bytes) throw refused("missing");
  const value = readJsonFile(MANIFEST, bytes);
  const members = ["revision", "roots", "rego_version", "metadata"] as const;
  if (!hasExactly(value, members) && !hasExactly(value, [...members, "wasm"])) throw refused("shape");
  const { revision } = value;
  if (typeof revision !== "string" || revision === "" || !isStrings(value.roots)) throw refused("shape");
  if (value.roots.length !== roots.length || value.roots.some((root, index) => root !== roots[index]))
    throw refused("roots");
  if (value.rego_version !== 1) throw refused("rego-version");
  const metadata = readMetadata(value.metadata);
  return Object.freeze({
    revision,
    roots: Object.freeze([...value.roots]),
    rego_version: 1,
    ...("wasm" in value && { wasm: readWasm(value.wasm as JsonValue, metadata) }),
    metadata,
  });
}

/** Each of the entry points, and all of them by our one module: OPA finds it by the name that it has in the archive. */
function readWasm(value: JsonValue, { entrypoints }: Metadata): NonNullable<Manifest["wasm"]> {
  const wasm = entrypoints.map((entrypoint) => Object.freeze({ entrypoint, module: "/policy.wasm" }));
  const names = (item: JsonValue, { entrypoint, module }: (typeof wasm)[number]) =>
    hasExactly(item, ["entrypoint", "module"]) && item.entrypoint === entrypoint && item.module === module;
  if (!Array.isArray(value) || value.length !== wasm.length || !wasm.every((entry, at) => names(value[at], entry)))
    throw refused("wasm");
  return Object.freeze(wasm);
}

/** Other members are for other readers; these four must be there. */
function readMetadata(value: JsonValue): Metadata {
  if (!isObject(value)) throw refused("metadata");
  const { sequence, issued, expires, entrypoints } = value;
  if (!isCount(sequence) || !isCount(issued) || !isCount(expires) || !isStrings(entrypoints)) throw refused("metadata");
  if (issued >= expires) throw refused("metadata");
  return Object.freeze({ ...value, sequence, issued, expires, entrypoints: Object.freeze([...entrypoints]) });
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && value > 0;
}

/** Data at the top of the document must lie within the roots; OPA finds that out only when it activates the bundle. */
export function checkData(data: JsonValue, manifest: Manifest): void {
  const owned = (key: string) => manifest.roots.some((root) => root.split("/")[0] === key);
  if (!isObject(data) || !Object.keys(data as JsonObject).every(owned)) throw refused("data-root");
  const policy = isObject(data.writ) ? data.writ.policy : undefined;
  if (policy !== undefined && !agrees(policy, manifest)) throw refused("data-policy");
}

/** Stock OPA decides by the data, a gateway of ours by the manifest: one revision, one sequence, one life. */
function agrees(policy: JsonValue, { revision, metadata }: Manifest): boolean {
  const { sequence, issued: notBefore, expires: notAfter } = metadata;
  return canonicalJson(policy) === canonicalJson({ revision, sequence, notBefore, notAfter });
}
