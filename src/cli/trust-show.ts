/** `writ trust show`: whose signatures gateways follow, until when, and the key of the audit log. */
import { writeCheckpointKey } from "../audit/index.ts";
import { readMetadata, type TrustKey } from "../trust/index.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson, renderTable } from "./output.ts";
import { writeTime } from "./times.ts";
import { newest, newestRoot } from "./trust-folder.ts";

interface Shown {
  readonly role: string;
  readonly threshold: number;
  readonly keys: readonly { readonly id: string; readonly scheme: string }[];
}

export async function showTrust(
  host: Host,
  folder: string,
  options: { readonly origin?: string; readonly format: "text" | "json" },
): Promise<Exit> {
  const root = await newestRoot(host, folder);
  const targets = readMetadata("targets.json", "targets", newest(host, folder, "targets"));
  const { keys, roles: known, version, expires } = root.signed;
  const roles: Shown[] = Object.entries(known).map(([role, { keyIds, threshold }]) =>
    shown(role, threshold, keyIds, keys),
  );
  for (const { name, keyIds, threshold } of targets.signed.delegations.roles)
    roles.push(shown(name, threshold, keyIds, targets.signed.delegations.keys));
  const [timestampId = ""] = known.timestamp.keyIds;
  const timestamp = keys.get(timestampId);
  const log =
    options.origin !== undefined && timestamp?.scheme === "ed25519" ? logKey(options.origin, timestamp) : undefined;
  if (options.format === "json") {
    printJson(host, { root: version, expires: writeTime(expires), roles, ...(log !== undefined && { log }) });
    return exits.ok;
  }
  host.print(`root ${version}, until ${writeTime(expires)}\n\n`);
  host.print(
    renderTable([
      ["role", "needs", "keys"],
      ...roles.map(({ role, threshold, keys: held }) => [
        role,
        `${threshold} of ${held.length}`,
        held.map(({ id, scheme }) => `${id.slice(0, 8)} (${scheme})`).join(", "),
      ]),
    ]),
  );
  if (log !== undefined) host.print(`\nkey of the audit log\n${log}\n`);
  return exits.ok;
}

function shown(role: string, threshold: number, keyIds: readonly string[], keys: ReadonlyMap<string, TrustKey>): Shown {
  return { role, threshold, keys: keyIds.map((id) => ({ id, scheme: keys.get(id)?.scheme ?? "" })) };
}

function logKey(name: string, { public: key }: TrustKey): string {
  return writeCheckpointKey({ name, publicKey: Buffer.from(key, "hex") });
}
