/**
 * casbin: who is in which group and which group may do what, with the condition in its matcher. Whoever calls it has found the
 * operation and checked the token, its binding, its scopes and revocations; its request is prepared before the clock runs.
 */
import { createRequire } from "node:module";
import { type Estate, groupOf, now, resourceName } from "../speed-estate.ts";
import type { Contestant } from "./contestant.ts";
import { prepare } from "./prepared.ts";

const casbin: typeof import("casbin") = createRequire(import.meta.url)("casbin");

const modelText = `
[request_definition]
r = sub, obj, act, valid, tenant, asked
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.valid && r.obj == p.obj && r.act == p.act && r.tenant == r.asked && g(r.sub, p.sub)
`;

export async function casbinContestant(name: string, estate: Estate): Promise<Contestant> {
  const { grants, identities } = estate.model;
  // Straight into its tables: adding them by its own function looks through all of them for each (100,000 take minutes).
  const adapter = {
    loadPolicy: async (model: InstanceType<typeof casbin.Model>) => {
      const [policies, members] = [model.model.get("p")?.get("p")?.policy, model.model.get("g")?.get("g")?.policy];
      for (const [n, { to }] of grants.entries())
        for (const action of ["read", "write"]) policies?.push([to.groups[0]!, resourceName(n), action]);
      for (const [n, { subject }] of identities.entries()) members?.push([subject!, groupOf(n)]);
    },
  };
  const enforcer = await casbin.newEnforcer(casbin.newModelFromString(modelText), adapter);
  const requests = prepare(estate).map(({ input, token, resource, action, scope, revoked, asked }) => {
    const bound = token.cnf["x5t#S256"] === input.peer?.["x5t#S256"];
    const valid = !revoked && token.exp > now && bound && token.scope.split(" ").includes(scope);
    const wanted = resource === undefined ? "none" : resourceName(resource);
    return [token.sub, wanted, action, valid, token.tenant, asked];
  });
  return { name, decide: (n) => enforcer.enforceSync(...requests[n]!), allows: (answer) => answer === true };
}
