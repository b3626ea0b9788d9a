/** The npm SDK, `@open-policy-agent/opa-wasm`, over a file of vectors: `node test/sdk/npm.ts policy.wasm vectors.json`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Report, readVectors } from "./report.ts";

interface LoadedPolicy {
  setData(data: object): void;
  evaluate(input: unknown, entrypoint: string): readonly { readonly result: unknown }[];
}

// Its types and its file for ES modules do not name the same functions.
const { loadPolicy } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm") as {
  readonly loadPolicy: (module: Uint8Array) => Promise<LoadedPolicy>;
};

const [module = "", vectors = ""] = process.argv.slice(2);
const policy = await loadPolicy(readFileSync(module));
const { revocations, vectors: all } = readVectors(vectors);
const report = new Report();
let loaded = -1;
for (const vector of all) {
  if (vector.revocations !== loaded) {
    loaded = vector.revocations;
    const known = revocations[loaded];
    policy.setData(known === null ? {} : { revocations: known });
  }
  const ask = (entrypoint: string): unknown => policy.evaluate(vector.input, entrypoint)[0]?.result;
  report.add(vector, { decision: ask("writ/decision"), allow: ask("writ/allow") });
}
report.close();
