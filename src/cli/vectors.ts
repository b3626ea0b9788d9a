/** `writ vectors [FOLDER]`: requests with their decisions, to hold an engine in any other host against the reference. */
import { type Vectors, vectorsOf } from "../vectors/index.ts";
import { fromBundle, fromFolder } from "./decider.ts";
import type { Host } from "./host.ts";
import { type Exit, exits } from "./output.ts";

export interface VectorsOptions {
  readonly count: number;
  readonly bundle?: string;
  readonly keys?: string;
}

export async function printVectors(host: Host, folder: string, options: VectorsOptions): Promise<Exit> {
  const { bundle, keys, count } = options;
  const decider = bundle === undefined ? fromFolder(host, folder) : await fromBundle(host, bundle, keys);
  if (!decider) return exits.findings;
  host.print(render(vectorsOf(decider.model, decider.policy, count)));
  return exits.ok;
}

/** JSON with one vector to a line, so that two files can be compared. */
function render({ format, policy, revocations, vectors }: Vectors): string {
  const lines = (items: readonly unknown[]): string => items.map((item) => `    ${JSON.stringify(item)}`).join(",\n");
  return `{
  "format": ${format},
  "policy": ${JSON.stringify(policy)},
  "revocations": [
${lines(revocations)}
  ],
  "vectors": [
${lines(vectors)}
  ]
}
`;
}
