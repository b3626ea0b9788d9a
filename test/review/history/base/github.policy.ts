import { api, deny, grant, scopes } from "writ";
import { builds, deployments } from "./identities.policy.ts";

/** What a pipeline may do at the code host, through the egress gateway. */
export const code = scopes("github:code", ["read", "write"], { implies: { write: ["read"] } });
export const pipeline = scopes("github:pipeline", ["read", "write"], { implies: { write: ["read"] } });
export const planning = scopes("github:planning", ["read", "write"], { implies: { write: ["read"] } });
export const packages = scopes("github:packages", ["read", "write"], { implies: { write: ["read"] } });
export const security = scopes("github:security", ["read", "write"], { implies: { write: ["read"] } });
export const organisation = scopes("github:organisation", ["read", "write"], { implies: { write: ["read"] } });

const codeBoth = { read: code.read, write: code.write };
const pipelineBoth = { read: pipeline.read, write: pipeline.write };
const planningBoth = { read: planning.read, write: planning.write };
const packagesBoth = { read: packages.read, write: packages.write };
const securityBoth = { read: security.read, write: security.write };
const organisationBoth = { read: organisation.read, write: organisation.write };

/** The public document has over a thousand operations; each is mapped by its tag, or refused by name. */
export const githubApi = api("api.github.com", {
  openapi: "npm:@octokit/openapi/generated/api.github.com.json",
  operations: {
    "DELETE /repos/{owner}/{repo}": "refused",
    "DELETE /orgs/{org}": "refused",
    "POST /repos/{owner}/{repo}/transfer": "refused",
    "PUT /repos/{owner}/{repo}/contents/{path}": { scopes: [code.write], minTrust: 60 },
    "GET /meta": "public",
    "GET /zen": "public",
  },
  tags: {
    repos: codeBoth,
    git: codeBoth,
    pulls: codeBoth,
    search: codeBoth,
    gists: codeBoth,
    gitignore: codeBoth,
    licenses: codeBoth,
    "codes-of-conduct": codeBoth,
    "code-quality": codeBoth,
    actions: pipelineBoth,
    checks: pipelineBoth,
    oidc: pipelineBoth,
    codespaces: pipelineBoth,
    "hosted-compute": pipelineBoth,
    "agent-tasks": pipelineBoth,
    agents: pipelineBoth,
    copilot: pipelineBoth,
    "copilot-spaces": pipelineBoth,
    issues: planningBoth,
    projects: planningBoth,
    reactions: planningBoth,
    activity: planningBoth,
    interactions: planningBoth,
    markdown: planningBoth,
    emojis: planningBoth,
    classroom: planningBoth,
    campaigns: planningBoth,
    packages: packagesBoth,
    "private-registries": packagesBoth,
    "dependency-graph": packagesBoth,
    dependabot: securityBoth,
    "code-scanning": securityBoth,
    "code-security": securityBoth,
    "secret-scanning": securityBoth,
    "security-advisories": securityBoth,
    credentials: securityBoth,
    orgs: organisationBoth,
    teams: organisationBoth,
    users: organisationBoth,
    apps: organisationBoth,
    billing: organisationBoth,
    migrations: organisationBoth,
    meta: organisationBoth,
    "rate-limit": organisationBoth,
    "enterprise-teams": "refused",
    "enterprise-team-memberships": "refused",
    "enterprise-team-organizations": "refused",
  },
});

export const buildsRead = grant({
  to: builds,
  scopes: ["github:{code,pipeline,packages}:read"],
  on: githubApi,
  when: (r) => r.claims.repository.startsWith("example/"),
  from: "2026-09-01",
  until: "2027-02-27",
});
export const deploymentsPublish = grant({
  to: deployments,
  scopes: ["github:packages:write", "github:pipeline:write"],
  on: githubApi,
  when: (r) => r.claims.protected && r.token.lifetime <= 600,
  from: "2026-09-01",
  until: "2027-02-27",
});
/** Nobody outside a reviewed branch writes code, however wide a grant becomes. */
export const noUnreviewedWrites = deny({
  to: builds,
  scopes: [code.write],
  when: (r) => !r.claims.protected || r.claims.ref.startsWith("refs/pull/"),
});
