/** `writ audit verify LOG --checkpoint FILE --key KEY` and `writ audit show LOG`: what the publisher did, without asking it. */
import {
  type Checkpoint,
  GrowingLog,
  readCheckpoint,
  readCheckpointKey,
  splitLines,
  verifyLog,
} from "../audit/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { canonicalJson, type JsonObject } from "../json/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { complainError, type Exit, exits, printJson, renderTable } from "./output.ts";

const largestLog = 1024 * 1024 * 1024;
const largestCheckpoint = 64 * 1024;

export async function verifyAudit(
  host: Host,
  path: string,
  options: { readonly checkpoint: readonly string[]; readonly key: string; readonly format: string },
): Promise<Exit> {
  const lines = readNamedFile(host, path, largestLog);
  const notes = options.checkpoint.map((file) => readNamedFile(host, file, largestCheckpoint));
  const key = readCheckpointKey(options.key);
  try {
    const checkpoints: Checkpoint[] = [];
    for (const note of notes) checkpoints.push(await readCheckpoint(note, key));
    const records = verifyLog(lines, checkpoints).length;
    const { origin, root } = checkpoints.toSorted((a, b) => b.size - a.size)[0]!;
    if (options.format === "json") printJson(host, { verified: true, origin, records, root });
    else
      host.print(
        renderTable([
          ["verified", path],
          ["log", origin],
          ["records", String(records)],
          ["root", root],
        ]),
      );
    return exits.ok;
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    // That a log is not to be trusted is the finding, not a failure of the command.
    const { code, reason, message, parameters } = error;
    const { index } = parameters as { readonly index?: number };
    if (options.format === "json")
      printJson(host, { verified: false, code, name: reason, message, ...(index !== undefined && { index }) });
    else complainError(host, error);
    return exits.findings;
  }
}

/** Shows records as they stand there; only the way from one line to the next is looked at. */
export function showAudit(
  host: Host,
  path: string,
  options: { readonly since: number; readonly format: string },
): Exit {
  const log = new GrowingLog();
  const rows: (readonly string[])[] = [];
  const entries: JsonObject[] = [];
  for (const line of splitLines(readNamedFile(host, path, largestLog))) {
    const number = log.size;
    const next = log.add(line ?? new Uint8Array());
    if (next.fault) throw WritError.of("WRIT8021", { fault: next.fault, index: next.index });
    if (number < options.since) continue;
    const { kind, body, ...others } = next.entry;
    rows.push([String(number), String(kind), canonicalJson(body ?? others)]);
    entries.push({ number, ...next.entry });
  }
  if (options.format === "json") printJson(host, { records: entries, root: log.root });
  else host.print(renderTable(rows));
  return exits.ok;
}
