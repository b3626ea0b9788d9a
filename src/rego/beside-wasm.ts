/** What is left of the Rego where an OPA decides by `policy.wasm`: the adapter for Envoy, and the data that it asks. */
import { assert } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import type { Artefact } from "../model/index.ts";

export function regoBesideWasm(artefacts: readonly Artefact[]): readonly Artefact[] {
  return artefacts
    .filter(({ path }) => path !== "policy.rego")
    .map(({ path, bytes }) => ({ path, bytes: path === "data.json" ? askedOf(bytes) : bytes }));
}

/** OPA copies all its data into each instance of a module, so nothing stays that nobody asks. */
function askedOf(data: Uint8Array): Uint8Array {
  const read = readJson(data);
  assert(!read.failure, "the data is JSON");
  const { writ } = read.value as unknown as { readonly writ: Asked };
  const operations = Object.entries(writ.operations).map(([name, { api }]): [string, JsonObject] => [name, { api }]);
  const asked = { api_headers: writ.api_headers, operations: Object.fromEntries(operations), policy: writ.policy };
  return canonicalJsonBytes({ writ: asked });
}

interface Asked {
  readonly api_headers: JsonObject;
  readonly operations: Readonly<Record<string, { readonly api: JsonValue }>>;
  readonly policy: JsonObject;
}
