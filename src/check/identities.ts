/** What holds of every identity, whether a policy declares it or a registry's row does. */
import { report } from "../diagnostics/index.ts";
import { type Identity, isSpiffeId, isSpiffePattern, type Tier } from "../model/index.ts";
import type { Declared, Estate } from "./estate.ts";

/** Below this trust nothing lasts for ever: identities expire, and grants end and are approved. */
export const watchedBelow = 40;

/** Why a text cannot be a subject, in words. */
export function subjectProblem(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.startsWith("spiffe://")) {
    if (isSpiffeId(text) || isSpiffePattern(text)) return undefined;
    if (text.length > 2048) return "a SPIFFE ID has at most 2,048 characters";
    return text.includes("*")
      ? "in a SPIFFE ID, `*` stands for one whole path segment and never for the trust domain"
      : "a SPIFFE ID is `spiffe://`, a trust domain in lower case and a path of non-empty segments";
  }
  if (new TextEncoder().encode(text).length > 255) return "it is longer than 255 bytes";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (!text.isWellFormed() || /[\u0000-\u0020\u007f-\u00a0\u2028\u2029]/.test(text))
    return "it holds a space or a control character";
  if (text.includes("*")) return "only a SPIFFE ID can be a pattern; everywhere else `*` would be a plain character";
  return undefined;
}

export function keyIdProblem(id: string): boolean {
  return !/^[!-~]{1,255}$/.test(id);
}

/** Checks an identity against its tier and adds it; `undefined` when its name is taken, which is reported. */
export function addIdentity(
  estate: Estate,
  written: Identity,
  tier: Tier,
  at: Declared<Identity>["at"],
): Identity | undefined {
  const { name } = written;
  const taken = estate.identities.get(name);
  if (taken) {
    const related = [{ span: taken.at(), message: `\`${name}\` is declared here` }];
    return estate.report(report("WRIT3027", at("name"), { name }, { related }));
  }
  const expires = earlier(written.expires, tier.sunset);
  if (written.from !== undefined && expires !== undefined && expires <= written.from) {
    estate.report(
      report("WRIT3021", at(written.expires === expires ? "expires" : "from"), {
        end: written.expires === expires ? "expires" : "sunset",
      }),
    );
  } else if (written.expires !== undefined && tier.sunset !== undefined && written.expires > tier.sunset) {
    estate.report(report("WRIT3032", at("expires"), { name, tier: tier.name }));
  }
  if (expires === undefined && tier.trust < watchedBelow)
    estate.report(report("WRIT3020", at(), { name, tier: tier.name, trust: tier.trust }));
  const problem = credentialProblem(written, tier);
  if (problem) estate.report(report("WRIT3026", at("tier"), { name, tier: tier.name, what: problem }));
  const value: Identity = expires === written.expires || expires === undefined ? written : { ...written, expires };
  estate.identities.set(name, { value, at });
  return value;
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Why step 5 of the decision procedure would refuse everything that this identity can ever present. */
function credentialProblem({ subject, keys }: Identity, { authentication }: Tier): string | undefined {
  const accepts = (...methods: readonly Tier["authentication"][number][]) =>
    methods.some((method) => authentication.includes(method));
  const byToken = subject !== undefined && accepts("mtls", "dpop", "bearer");
  const bySvid = subject?.startsWith("spiffe://") === true && accepts("svid");
  const byKey = keys.length > 0 && accepts("key");
  if (byToken || bySvid || byKey) return undefined;
  if (subject === undefined) return "it has static keys, and the tier does not accept `key`";
  return accepts("svid")
    ? "the tier accepts SVIDs, and its subject is no SPIFFE ID"
    : "the tier accepts static keys, and it has none";
}
