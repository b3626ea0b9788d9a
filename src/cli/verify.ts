/** `writ verify BUNDLE --keys FILE` */
import { LIMITS, readKeys, verify } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { complainError, type Exit, exits, printJson, renderTable } from "./output.ts";
import { writeTime } from "./times.ts";

interface Options {
  readonly keys: string;
  readonly format: string;
}

export async function verifyBundle(host: Host, path: string, options: Options): Promise<Exit> {
  const keys = await readKeys(readNamedFile(host, options.keys, largestKeyFile));
  const bytes = readNamedFile(host, path, LIMITS.packed);
  try {
    const { manifest, files, keyId } = await verify(bytes, keys);
    const { revision, metadata } = manifest;
    const validity = validityAt(host.time(), metadata);
    if (options.format === "json") {
      printJson(host, { verified: true, validity, manifest, key: keyId, files: [...files.keys()] });
    } else {
      const rows = [
        ["verified", path],
        ["revision", revision],
        ["sequence", String(metadata.sequence)],
        ["issued", writeTime(metadata.issued)],
        ["expires", writeTime(metadata.expires)],
        ["today", words[validity]],
        ["key", keyId],
        ["files", [...files.keys()].join(", ")],
      ];
      host.print(renderTable(rows));
    }
    return exits.ok;
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    // That a bundle is not to be trusted is the finding, not a failure of the command.
    if (options.format === "json")
      printJson(host, { verified: false, code: error.code, name: error.reason, message: error.message });
    else complainError(host, error);
    return exits.findings;
  }
}

const words = {
  ahead: "not in force yet: until then whatever loads it refuses every request",
  current: "in force",
  past: "expired: whatever loads it refuses every request",
};

/** A signature does not wear off: what is past is still what was signed, so it is told apart and not refused. */
function validityAt(time: number, { issued, expires }: { issued: number; expires: number }): keyof typeof words {
  return time < issued ? "ahead" : time < expires ? "current" : "past";
}
