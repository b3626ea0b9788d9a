/**
 * Threat D10: holds our verdicts on proofs to those of the public probes of transparency-dev/merkle. They are not part of this
 * project: `node --conditions=writ-source test/audit/probe-run.ts FOLDER`, where FOLDER is their `testdata`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extendsLog, includes } from "../../src/audit/index.ts";

interface Probe {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly leafHash: string;
  readonly root: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));

const judges: Readonly<Record<string, (probe: Probe) => boolean>> = {
  inclusion: ({ leafHash, leafIdx, treeSize, proof, root }) =>
    includes(bytes(leafHash), leafIdx, treeSize, (proof ?? []).map(bytes), bytes(root)),
  consistency: ({ size1, root1, size2, root2, proof }) =>
    extendsLog(size1, bytes(root1), size2, bytes(root2), (proof ?? []).map(bytes)),
};

const [folder = ""] = process.argv.slice(2);
let [count, wrong] = [0, 0];
for (const [kind, judge] of Object.entries(judges))
  for (const file of readdirSync(join(folder, kind), { recursive: true, encoding: "utf8" }).sort()) {
    if (!file.endsWith(".json")) continue;
    const probe = JSON.parse(readFileSync(join(folder, kind, file), "utf8")) as Probe;
    count++;
    if (judge(probe) === !probe.wantErr) continue;
    wrong++;
    console.log(`${kind}/${file}: expected to be ${probe.wantErr ? "refused" : "accepted"}`);
  }
console.log(`${count} probes, ${wrong} verdicts differ`);
process.exitCode = count > 0 && wrong === 0 ? 0 : 1;
