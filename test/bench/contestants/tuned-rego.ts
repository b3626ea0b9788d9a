/**
 * What an expert would write for OPA by hand: every lookup is one step into an object, the cheap and the deciding tests come
 * first, nothing is looped over. It decides what is asked here as the estate does; it does not check that the input has its shape and
 * keeps its limits nor that the path is canonical, reads no translations, patterns, SVIDs, keys or denies, and says nothing
 * about refusals.
 */
import type { Model, Operation } from "../../../src/model/index.ts";
import { basePath, type Estate } from "../speed-estate.ts";

const steps = `	policy := data.estate.policy
	policy.notBefore <= input.time
	input.time < policy.notAfter
	policy.sequence >= data.revocations.floor
	data.revocations.at <= input.time + 60

	token := input.token
	issuer := data.estate.issuers[token.iss]
	issuer.regions[token.region]
	identity := data.estate.identities[token.sub]
	tier := data.estate.tiers[identity.tier]
	input.time < identity.expires

	input.time - data.revocations.at <= tier.delay
	not data.revocations.tokens[issuer.name][token.jti]
	not data.revocations.keys[token.cnf["x5t#S256"]]
	not data.revocations.identities[identity.name]
	not data.revocations.owners[identity.owner]
	not data.revocations.issuers[issuer.name]
	not data.revocations.tiers[identity.tier]
	object.get(data.revocations, ["issuedBefore", identity.name], 0) <= token.iat

	token.aud == issuer.audience
	token.iat - 60 <= input.time
	input.time < token.exp
	token.exp - token.iat <= tier.lifetime
	token.cnf["x5t#S256"] == input.peer["x5t#S256"]
`;

const condition = `	token.tenant == segments[4]
	object.get(input.request.headers, "x-channel", "") != "batch"
`;

const decision = `{
	"allow": true,
	"reason": "granted",
	"identity": identity.name,
	"tier": identity.tier,
	"operation": operation.name,
	"grants": [grant.name],
	"emergency": grant.emergency,
	"headers": {"x-caller": identity.name},
	"until": min([policy.notAfter, (data.revocations.at + tier.delay) + 1, identity.expires, token.exp, grant.until]),
	"revision": policy.revision,
}`;

/** Entry points `tuned/decision` (the whole decision) and `tuned/allow` (a boolean, which it does not take from the other). */
export const tunedRego: string = `package tuned

${rule("allow", "true", "false")}
${rule("decision", decision, '{"allow": false}')}
fits(operation, _) if operation.literal == ""

fits(operation, segments) if operation.literal == segments[5]
`;

function rule(name: string, value: string, otherwise: string): string {
  return `default ${name} := ${otherwise}

${name} := ${value} if {
${steps}
	segments := split(input.request.path, "/")
	operation := data.estate.operations[input.request.host][input.request.method][segments[1]][segments[2]][segments[3]][count(segments)]
	fits(operation, segments)
	tier.trust >= operation.trust

	contains(concat("", [" ", token.scope, " "]), operation.scope)
	grant := data.estate.grants[identity.group][operation.scope]
	input.time < grant.until
	not data.revocations.grants[grant.name]
${condition}}
`;
}

/** Entry point `each/allow`: a rule for each operation, as policies for OPA are mostly written. */
export function oneRuleEach({ apis, grants }: Model): string {
  const grantTo = new Map(grants.flatMap((grant) => grant.scopes.map((scope) => [scope, grant] as const)));
  const each = ({ method, template, scopes: [scope = ""] }: Operation): string => {
    const grant = grantTo.get(scope);
    const segments = template
      .split("/")
      .map((s) => (s === "{tenant}" ? "tenant" : s.startsWith("{") ? "_" : JSON.stringify(s)));
    return `allow if {
	input.request.method == "${method}"
	[${segments.join(", ")}] = segments
	valid
	"${scope}" in scopes
	identity.group == "${grant?.to.groups[0]}"
	input.time < ${grant?.until}
	tenant == token.tenant
	input.request.headers["x-channel"] != "batch"
}
`;
  };
  return `package each

default allow := false

token := input.token

identity := data.estate.identities[input.token.sub]

segments := split(input.request.path, "/")

scopes := split(input.token.scope, " ")

valid if {
${steps.replace(/\t(?:token|identity) := .*\n/g, "")}}

${apis.flatMap(({ operations }) => operations.map(each)).join("\n")}`;
}

/** What both read: the estate in the form in which their lookups are single steps. */
export function tunedData({ model, policy, revocations }: Estate): unknown {
  const groupOf = new Map(
    model.groups.flatMap(({ name, members }) => members.map((member) => [member, name] as const)),
  );
  const [issuer] = model.issuers;
  return {
    revocations,
    estate: {
      policy,
      issuers: { [issuer!.url]: { name: issuer!.name, audience: issuer!.audience, regions: { eu: true, us: true } } },
      tiers: Object.fromEntries(
        model.tiers.map((tier) => [
          tier.name,
          { trust: tier.trust, delay: tier.revocationDelay, lifetime: tier.tokenLifetime.bound },
        ]),
      ),
      identities: Object.fromEntries(
        model.identities.map(({ name, subject, tier, owner, expires }) => [
          subject,
          { name, group: groupOf.get(name), tier, owner, expires },
        ]),
      ),
      operations: operationTree(model),
      grants: Object.fromEntries(
        model.groups.map(({ name }) => [
          name,
          Object.fromEntries(
            model.grants
              .filter(({ to }) => to.groups.includes(name))
              .flatMap(({ name, scopes, until, emergency }) =>
                scopes.map((scope) => [scope, { name, until, emergency }]),
              ),
          ),
        ]),
      ),
    },
  };
}

interface Tree {
  [name: string]: Tree | unknown[];
}

/** Host, method, the three leading segments; then by how many segments there are. */
function operationTree(model: Model): Tree {
  const tree: Tree = {};
  for (const { host, operations } of model.apis) {
    for (const { method, template, name, scopes, minTrust } of operations) {
      const segments = template.split("/");
      const leading = [host, method, ...segments.slice(1, basePath(0).split("/").length)];
      const last = leading.pop()!;
      let node = tree;
      for (const step of leading) {
        node[step] ??= {};
        node = node[step] as Tree;
      }
      node[last] ??= [null, null, null, null, null, null, null, null];
      (node[last] as unknown[])[segments.length] = {
        name: `${host} ${name}`,
        scope: scopes[0],
        trust: minTrust,
        literal: segments[5] ?? "",
      };
    }
  }
  return tree;
}
