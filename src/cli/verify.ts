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
    if (options.format === "json") {
      printJson(host, { verified: true, manifest, key: keyId, files: [...files.keys()] });
    } else {
      const { revision, metadata } = manifest;
      const rows = [
        ["verified", path],
        ["revision", revision],
        ["sequence", String(metadata.sequence)],
        ["issued", writeTime(metadata.issued)],
        ["expires", writeTime(metadata.expires)],
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
