/** Writes an estate of a given size into a folder: registry rows, operations and grants, all different, all used. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Size {
  readonly identities: number;
  readonly operations: number;
  readonly grants: number;
}

const grantsPerFile = 2_000;
const operationsPerResource = 100;

/** The folder holds `*.policy.ts`, `fleet.ndjson` and `api.openapi.json`; the same size gives the same bytes. */
export function writeBigEstate(folder: string, size: Size): void {
  mkdirSync(folder, { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const resources = Math.ceil(size.operations / operationsPerResource);
  put("base.policy.ts", base());
  put("fleet.ndjson", lines(size.identities, row));
  put("api.openapi.json", JSON.stringify(document(size.operations)));
  put("scopes.policy.ts", scopes(resources));
  for (let first = 0; first < size.grants; first += grantsPerFile) {
    put(`grants-${first}.policy.ts`, grants(first, Math.min(size.grants, first + grantsPerFile), resources));
  }
}

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
}

function row(i: number): string {
  const shard = i % 500;
  return JSON.stringify({
    name: `service-${i}`,
    subject: `spiffe://example.org/ns/team-${shard}/sa/service-${i}`,
    tier: "workload",
    owner: `team-${shard}@example.com`,
    tags: [`shard-${shard}`],
  });
}

function base(): string {
  return `import { group, issuer, registry, tier } from "writ";

export const workload = tier({
  trust: 40,
  authentication: ["mtls", "svid"],
  tokenLifetime: { bound: "60m" },
  wildcards: true,
});
export const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com",
  algorithms: ["ES256"],
  claims: { region: ["eu", "us"], tenant: "string" },
});
export const fleet = registry("./fleet.ndjson", { issuer: corp });
${lines(500, (i) => `export const shard${i} = group(fleet, (i) => i.tags.includes("shard-${i}"));`)}`;
}

function scopes(resources: number): string {
  const names = Array.from({ length: resources }, (_, i) => i);
  return `import { api, scopes } from "writ";

${names.map((i) => `export const resource${i} = scopes("resource-${i}", ["read", "write"], { implies: { write: ["read"] } });\n`).join("")}
export const bigApi = api("big.example.com", {
  openapi: "./api.openapi.json",
  tags: {
${names.map((i) => `    "resource-${i}": { read: resource${i}.read, write: resource${i}.write },\n`).join("")}  },
});
`;
}

function document(operations: number): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (let i = 0; i < operations; i++) {
    const resource = Math.floor(i / operationsPerResource);
    const path = `/v1/resource-${resource}/things-${Math.floor(i / 2) % (operationsPerResource / 2)}/{id}`;
    paths[path] ??= {};
    paths[path][i % 2 === 0 ? "get" : "put"] = {
      tags: [`resource-${resource}`],
      responses: { "200": { description: "done" } },
    };
  }
  return { openapi: "3.1.0", info: { title: "Big", version: "1" }, paths };
}

function grants(first: number, end: number, resources: number): string {
  const shards = [...new Set(Array.from({ length: end - first }, (_, i) => (first + i) % 500))].sort((a, b) => a - b);
  const used = [...new Set(Array.from({ length: end - first }, (_, i) => resourceOf(first + i, resources)))].sort(
    (a, b) => a - b,
  );
  const grant = (i: number) =>
    `export const grant${i} = grant({ to: shard${i % 500}, scopes: [resource${resourceOf(i, resources)}.${i % 3 === 0 ? "write" : "read"}]${
      i % 4 === 0 ? `, when: (r) => r.claims.region === "eu" && r.claims.tenant === "t${i}"` : ""
    } });`;
  return `import { grant } from "writ";
import { ${shards.map((i) => `shard${i}`).join(", ")} } from "./base.policy.ts";
import { ${used.map((i) => `resource${i}`).join(", ")} } from "./scopes.policy.ts";

${Array.from({ length: end - first }, (_, i) => `${grant(first + i)}\n`).join("")}`;
}

/** Spreads the grants of one shard over the resources. */
function resourceOf(i: number, resources: number): number {
  return (i + Math.floor(i / 500)) % resources;
}
