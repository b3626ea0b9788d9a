/** The decision as one would write it by hand for this estate: maps, plain tests in a row, an object as the answer. */
import type { Input } from "../../../src/model/index.ts";
import type { Estate } from "../speed-estate.ts";
import type { Contestant } from "./contestant.ts";

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  readonly operations: Map<
    string,
    { readonly name: string; readonly scopes: readonly string[]; readonly minTrust: number }
  >;
}

const canonical = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*+,=:@-]+)+$/;

export function handWritten(estate: Estate): (input: Input) => { readonly allow: boolean } {
  const { model, policy, revocations } = estate;
  const issuers = new Map(model.issuers.map((issuer) => [issuer.url, issuer]));
  const tiers = new Map(model.tiers.map((tier) => [tier.name, tier]));
  const identities = new Map(model.identities.map((identity) => [identity.subject, identity]));
  const groupOf = new Map(
    model.groups.flatMap(({ name, members }) => members.map((member) => [member, name] as const)),
  );
  const grants = new Map(
    model.grants.flatMap((grant) => grant.scopes.map((scope) => [`${grant.to.groups[0]} ${scope}`, grant] as const)),
  );
  const implied = new Map(model.scopes.map(({ name, implies }) => [name, implies]));
  const revoked = {
    tokens: new Set(Object.keys(revocations.tokens?.corp ?? {})),
    identities: new Set(Object.keys(revocations.identities ?? {})),
    keys: new Set(Object.keys(revocations.keys ?? {})),
  };
  const node = (): Node => ({ literals: new Map(), operations: new Map() });
  const hosts = new Map<string, Node>();
  for (const { host, operations } of model.apis) {
    const root = node();
    hosts.set(host, root);
    for (const { template, method, name, scopes, minTrust } of operations) {
      let at = root;
      for (const segment of template.slice(1).split("/")) {
        let next = segment.startsWith("{") ? at.parameter : at.literals.get(segment);
        if (!next) {
          next = node();
          if (segment.startsWith("{")) at.parameter = next;
          else at.literals.set(segment, next);
        }
        at = next;
      }
      at.operations.set(method, { name: `${host} ${name}`, scopes, minTrust });
    }
  }
  const { revision } = policy;
  const refuse = (reason: string) => ({ allow: false, reason, revision });

  return ({ time, token, peer, request }) => {
    if (typeof time !== "number" || time < policy.notBefore || time >= policy.notAfter) return refuse("policy-expired");
    if (policy.sequence < revocations.floor) return refuse("policy-below-floor");
    if (!token) return refuse("credential-missing");
    const { iss, sub, aud, exp, iat, jti, scope, region, tenant } = token;
    const issuer = issuers.get(iss as string);
    if (!issuer) return refuse("issuer-unknown");
    const bound = (token.cnf as Record<string, unknown> | undefined)?.["x5t#S256"];
    if (
      typeof sub !== "string" ||
      typeof exp !== "number" ||
      typeof iat !== "number" ||
      typeof scope !== "string" ||
      typeof tenant !== "string" ||
      (region !== "eu" && region !== "us")
    )
      return refuse("claims-malformed");
    const identity = identities.get(sub);
    if (!identity) return refuse("identity-unknown");
    const tier = tiers.get(identity.tier)!;
    if (time >= (identity.expires ?? Number.POSITIVE_INFINITY)) return refuse("identity-inactive");
    if (typeof jti !== "string" || time - revocations.at > tier.revocationDelay) return refuse("revocations-stale");
    if (revoked.tokens.has(jti) || revoked.identities.has(identity.name) || revoked.keys.has(bound as string))
      return refuse("revoked");
    if (aud !== issuer.audience) return refuse("audience");
    if (iat - 60 > time) return refuse("token-not-yet-valid");
    if (time >= exp) return refuse("token-expired");
    if (exp - iat > (tier.tokenLifetime.bound ?? 0)) return refuse("token-lifetime");
    if (bound !== peer?.["x5t#S256"]) return refuse("authentication");
    const { path } = request;
    if (path.length > 2048 || !canonical.test(path)) return refuse("path-not-canonical");
    const segments = path.split("/");
    let at = hosts.get(request.host);
    for (let i = 1; at && i < segments.length; i++) at = at.literals.get(segments[i]!) ?? at.parameter;
    const operation = at?.operations.get(request.method);
    if (!operation) return refuse("operation-unknown");
    if (tier.trust < operation.minTrust) return refuse("trust");
    const carried = scope.split(" ");
    const group = groupOf.get(identity.name);
    const used: string[] = [];
    let until = Math.min(
      policy.notAfter,
      revocations.at + tier.revocationDelay + 1,
      exp,
      identity.expires ?? Number.POSITIVE_INFINITY,
    );
    for (const needed of operation.scopes) {
      if (!carried.includes(needed) && !carried.some((name) => implied.get(name)?.includes(needed)))
        return refuse("scope-missing");
      const grant = grants.get(`${group} ${needed}`);
      if (!grant) return refuse("scope-not-granted");
      if (time >= (grant.until ?? Number.POSITIVE_INFINITY)) return refuse("grant-inactive");
      if (segments[4] !== tenant || request.headers?.["x-channel"] === "batch") return refuse("condition");
      used.push(grant.name);
      until = Math.min(until, grant.until ?? until);
    }
    return {
      allow: true,
      reason: "granted",
      identity: identity.name,
      tier: tier.name,
      operation: operation.name,
      grants: used,
      emergency: false,
      headers: { "x-caller": identity.name },
      until,
      revision,
    };
  };
}

export function handWrittenContestants(estate: Estate, texts: readonly string[]): readonly Contestant[] {
  const decide = handWritten(estate);
  const allows = (answer: unknown) => (answer as { readonly allow: boolean }).allow;
  return [
    { name: "by hand, from an object", decide: (n) => decide(estate.inputs[n]!), allows },
    { name: "by hand, from a JSON string", decide: (n) => decide(JSON.parse(texts[n]!)), allows },
  ];
}
