/** What a legacy upstream is told about a caller whom it cannot check itself. */
import type { Identity, UpstreamHeader } from "./model.ts";

/** The headers of an allowed request. All their parts were checked to be printable when compiled. */
export function upstreamHeaders(
  headers: readonly UpstreamHeader[],
  identity: Identity,
  subject: string,
  scopes: readonly string[],
): Readonly<Record<string, string>> {
  const values: Readonly<Record<string, string>> = {
    identity: identity.name,
    owner: identity.owner,
    subject,
    tier: identity.tier,
  };
  const told = headers.flatMap((header): [string, string][] => {
    if (header.kind === "text") {
      return [
        [
          header.name,
          header.text.replaceAll(/\{(identity|owner|subject|tier)\}/g, (_, name: string) => values[name] ?? ""),
        ],
      ];
    }
    const first = header.values.find((v) => scopes.includes(v.scope));
    return first ? [[header.name, first.value]] : [];
  });
  return Object.fromEntries(told);
}
