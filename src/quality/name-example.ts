/** A name for an example that was found and not thought of: a plain sentence for its author to improve. */
import type { Said } from "../check/index.ts";
import type { Example, Reason } from "../model/index.ts";
import type { Mutant } from "./mutant.ts";

/** Says who may or may not do what, why, and what rests on it; a number where the same is said already. */
export function nameExample(
  { expect }: Example,
  { caller, method, host }: Said,
  notices: readonly Mutant[],
  taken: ReadonlySet<string>,
): string {
  const who = caller?.identity.name ?? "nobody";
  const [first] = notices;
  const deed = `${who} ${verbs[expect.reason]} ${method} ${host}`;
  const of = first?.of.name.replace(/ \(.*$/, "") ?? "";
  const names = [...(first ? [`${deed} (${of}: ${first.words.replaceAll("`", "")})`, `${deed} (${of})`] : []), deed];
  const name = names.find((one) => JSON.stringify(one).length <= longest) ?? deed;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}, ${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** So that `example("…", {` stays on one line, a number behind it or not. */
const longest = 102;

const verbs: Readonly<Record<Reason, string>> = {
  granted: "may",
  "policy-missing": "is refused without a policy for",
  "input-malformed": "is refused for what is no request for",
  "input-limit": "is refused for too large a request for",
  "policy-expired": "is refused by a policy that ended for",
  "policy-below-floor": "is refused by a recalled policy for",
  "credential-missing": "needs a credential for",
  "issuer-unknown": "is refused with a stranger's token for",
  "claims-malformed": "is refused with claims that do not fit for",
  "identity-unknown": "is unknown for",
  "identity-conflict": "is refused as two at once for",
  "identity-inactive": "is not in its life for",
  "revocations-stale": "is refused while revocations are old for",
  revoked: "is revoked for",
  audience: "is refused with a token for others for",
  "token-not-yet-valid": "is refused with a token of later for",
  "token-expired": "is refused with an expired token for",
  "token-lifetime": "is refused with a token that lives too long for",
  authentication: "is refused for how it proves itself for",
  "path-not-canonical": "is refused for its path for",
  "operation-unknown": "calls what there is not:",
  trust: "is not trusted enough for",
  "scope-missing": "lacks a scope in its token for",
  "scope-not-granted": "is not granted",
  "grant-inactive": "has no grant in force for",
  condition: "does not meet the condition of",
  denied: "is denied",
};
