/**
 * Cedar, with its policies parsed once and the call prepared before the clock runs. Whoever calls it has found the operation, looked
 * for revocations and picked the two entities that matter; Cedar decides about time, audience, binding, scope, grant, condition.
 */
import { createRequire } from "node:module";
import type { StatefulAuthorizationCall } from "@cedar-policy/cedar-wasm/nodejs";
import type { Estate } from "../speed-estate.ts";
import { groupOf, resourceName } from "../speed-estate.ts";
import type { Contestant } from "./contestant.ts";
import { prepare } from "./prepared.ts";

const cedar: typeof import("@cedar-policy/cedar-wasm/nodejs") = createRequire(import.meta.url)(
  "@cedar-policy/cedar-wasm/nodejs",
);

const when = `when {
  !context.revoked && context.time < context.exp && context.iat - 60 <= context.time && context.exp - context.iat <= 3600 &&
  context.aud == "https://apis.example.com" && context.bound == context.presented && context.scopes.contains(context.needed) &&
  context.tenant == context.asked && context.channel != "batch"
};`;

/** A policy for each grant, or one policy for all of them, with the grants as attributes of the resources. */
export function cedarContestant(name: string, estate: Estate, kind: "each" | "one"): Contestant {
  const policies =
    kind === "one"
      ? `permit (principal, action, resource) when { principal in resource.granted } ${when}`
      : estate.model.grants
          .map(
            ({ to }, n) =>
              `permit (principal in Group::"${to.groups[0]}", action, resource == Resource::"${resourceName(n)}") ${when}`,
          )
          .join("\n");
  const parsed = cedar.preparsePolicySet(kind, { staticPolicies: policies });
  if (parsed.type === "failure") throw parsed.errors;
  const calls = prepare(estate).map(
    ({ input, token, caller, resource, action, scope, revoked, asked }): StatefulAuthorizationCall => {
      const { peer, request, time } = input;
      const group = { type: "Group", id: groupOf(caller) };
      const [principal, what] = [
        { type: "Identity", id: token.sub },
        { type: "Resource", id: resource === undefined ? "none" : resourceName(resource) },
      ];
      const granted = resource === undefined ? [] : [{ __entity: { type: "Group", id: groupOf(resource) } }];
      return {
        principal,
        action: { type: "Action", id: action },
        resource: what,
        context: {
          time,
          exp: token.exp,
          iat: token.iat,
          aud: token.aud,
          bound: token.cnf["x5t#S256"],
          presented: peer?.["x5t#S256"] ?? "",
          scopes: token.scope.split(" "),
          needed: scope,
          tenant: token.tenant,
          asked,
          channel: String(request.headers?.["x-channel"]),
          revoked,
        },
        preparsedPolicySetId: kind,
        entities: [
          { uid: principal, attrs: {}, parents: [group] },
          { uid: what, attrs: { granted }, parents: [] },
        ],
      };
    },
  );
  return {
    name,
    decide: (n) => cedar.statefulIsAuthorized(calls[n]!),
    allows: (answer) => {
      const { type, ...rest } = answer as ReturnType<typeof cedar.statefulIsAuthorized>;
      return type === "success" && "response" in rest && rest.response.decision === "allow";
    },
  };
}
