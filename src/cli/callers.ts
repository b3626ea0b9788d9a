/** `writ callers gateway NAME` and `writ callers check FILE` */
import { isCallerName, type KnownCaller, largestCallersFile, newGateway, readCallers } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { Ring } from "../protocol/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { complainError, type Exit, exits, printJson, renderTable } from "./output.ts";

interface GatewayOptions {
  readonly ring: Ring;
  readonly format: string;
}

/** The token goes to standard output and nowhere else: no file of ours ever holds it. */
export function makeGateway(host: Host, name: string, { ring, format }: GatewayOptions): Exit {
  if (!isCallerName(name)) throw WritError.of("WRIT8204", { place: "name", fault: "name" });
  const { token, entry } = newGateway(name, ring);
  if (format === "json") printJson(host, { token, entry });
  else
    host.print(
      [
        token,
        "",
        "Give the token to the gateway and to nobody else: it is not shown again. The file of callers gets its digest:",
        "",
        JSON.stringify(entry),
        "",
      ].join("\n"),
    );
  return exits.ok;
}

export async function checkCallers(host: Host, path: string, { format }: { readonly format: string }): Promise<Exit> {
  const bytes = readNamedFile(host, path, largestCallersFile);
  try {
    const { audience, all } = await readCallers(bytes);
    if (format === "json") printJson(host, { valid: true, audience, callers: all.map(memberOf) });
    else host.print(renderTable([["name", "roles", "known by", "limits"], ...all.map(rowOf)]));
    return exits.ok;
  } catch (error) {
    if (!(error instanceof WritError) || error.code !== "WRIT8204") throw error;
    // What is wrong with the file is the finding, not a failure of the command.
    const { code, reason, message, parameters } = error;
    if (format === "json") printJson(host, { valid: false, code, name: reason, message, place: parameters.place });
    else complainError(host, error);
    return exits.findings;
  }
}

function memberOf({ name, person, roles, proof, ring, scope }: KnownCaller): Readonly<Record<string, unknown>> {
  return { name, person, roles: [...roles], proof, ...(ring && { ring }), ...(scope && { scope }) };
}

function rowOf(caller: KnownCaller): readonly string[] {
  return [caller.name, [...caller.roles].join(", "), proofOf(caller), limitsOf(caller)];
}

function proofOf({ proof }: KnownCaller): string {
  switch (proof.kind) {
    case "token":
      return `${proof.subject} at ${proof.issuer}`;
    case "events":
      return `security events of ${proof.issuer}`;
    case "certificate":
      return `certificate ${proof.digest.slice(0, 16)}…`;
    case "fixed-token":
      return `token ${proof.digest.slice(0, 16)}…`;
  }
}

function limitsOf({ ring, scope }: KnownCaller): string {
  if (ring !== undefined) return `ring ${ring}`;
  return Object.entries(scope ?? {})
    .map(([kind, names]) => `${kind} ${(names as readonly string[]).join(", ")}`)
    .join("; ");
}
