/** What is revoked, as a person types it: `identity payments`, `token corp t-8712`. */
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject } from "../json/index.ts";
import { readTime } from "./times.ts";

/** The word on the command line, and the list that it stands for. */
export const revocableKinds = {
  token: "tokens",
  identity: "identities",
  "issued-before": "issuedBefore",
  key: "keys",
  owner: "owners",
  issuer: "issuers",
  tier: "tiers",
  grant: "grants",
} as const;

export type RevocableKind = keyof typeof revocableKinds;

/** @param names as many as the kind takes: a token is known by its issuer and its `jti`, all others by one name each */
export function entriesOf(
  kind: RevocableKind,
  names: readonly string[],
  { expires, time }: { readonly expires?: string; readonly time?: string },
): readonly JsonObject[] {
  const list = revocableKinds[kind];
  if (kind === "token") {
    const [issuer = "", ...ids] = names;
    if (ids.length === 0) throw wrong("names", names.join(" "), "an issuer and one `jti` or more");
    if (expires === undefined) throw wrong("--expires", "", "when the tokens end by themselves: their latest `exp`");
    const value = readTime("--expires", expires);
    return ids.map((id) => ({ path: [list, issuer, id], value }));
  }
  if (expires !== undefined)
    throw wrong("--expires", expires, "only for tokens: all others are revoked until `writ restore`");
  if (time !== undefined && kind !== "issued-before") throw wrong("--time", time, "only for `issued-before`");
  const value = time === undefined ? {} : { value: readTime("--time", time) };
  return names.map((name) => ({ path: [list, name], ...value }));
}

function wrong(option: string, value: string, expected: string): WritError {
  return WritError.of("WRIT5088", { option, value, expected });
}
