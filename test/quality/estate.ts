/** Small estates in memory for the tests of quality, and the sample estate of the repository. */
import { resolve } from "node:path";
import { estate as initial } from "../../src/cli/init.ts";
import { load } from "../../src/cli/load.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { compile } from "../../src/compile.ts";
import type { Model } from "../../src/model/index.ts";
import type { Places } from "../../src/quality/index.ts";

export interface Compiled {
  readonly model: Model;
  readonly places: Places;
  readonly sources: ReadonlyMap<string, string>;
}

/** @param texts policy files and data files by path; any diagnostic fails */
export function compiled(texts: Readonly<Record<string, string>>): Compiled {
  const files = Object.entries(texts).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
  const { value, diagnostics } = compile(
    {
      policies: files.filter(({ path }) => path.endsWith(".policy.ts")),
      data: (path) => files.find((file) => file.path === path),
    },
    { emit: false },
  );
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0 || !value.model || !value.positions)
    throw new TypeError(errors.map(({ message }) => message).join("\n"));
  const sources = new Map(value.sources.map(({ path, text }) => [path, text]));
  return { model: value.model, places: value.positions, sources };
}

/** What `writ init` writes. */
export const initialTexts: Readonly<Record<string, string>> = initial;

/** The estate of the README. */
export function sample(): Compiled {
  const host = { ...nodeHost(), complain: () => undefined };
  const { compilation } = load(host, resolve(import.meta.dirname, "../../policies"), { emit: false });
  if (!compilation.model || !compilation.positions) throw new TypeError("the sample estate does not compile");
  const sources = new Map(compilation.sources.map(({ path, text }) => [path, text]));
  return { model: compilation.model, places: compilation.positions, sources };
}

/** Something of everything that a careless edit can touch; examples are added by each test. */
export const everything = `import { api, cidr, condition, deny, example, grant, group, identity, issuer, never, registry, scopes, tier } from "writ";

export const workload = tier({ trust: 80, authentication: ["mtls", "svid"], tokenLifetime: { bound: "60m" }, revocationDelay: "60s", wildcards: true });
export const partner = tier({ trust: 30, authentication: ["mtls"], tokenLifetime: { bound: "15m" }, revocationDelay: "30s", grantLifetime: "365d" });
export const legacy = tier({ trust: 5, authentication: ["key"], keyRotation: "90d", revocationDelay: "15s", grantLifetime: "365d" });
export const corp = issuer("https://id.example.com", {
  audience: "https://apis.example.com",
  algorithms: ["ES256"],
  claims: { region: ["ap", "eu", "us"], tenant: "string", seats: "integer?" },
  translate: { Everything: ["notes:read"] },
});
export const fleet = registry("./fleet.ndjson", { issuer: corp });
export const european = group(fleet, (i) => i.tags.includes("eu") && !i.tags.includes("standby"));
export const writer = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/notes/sa/writer", owner: "notes@example.com", from: "2026-02-01" });
export const acme = identity({ tier: partner, issuer: corp, subject: "acme", owner: "partners@example.com", expires: "2027-06-30" });
export const printer = identity({ tier: legacy, keys: { "printer-1": "2026-03-01" }, owner: "print@example.com", expires: "2027-06-30" });
export const notes = scopes("notes", ["read", "write", "purge"], { implies: { write: ["read"] } });
export const notesApi = api("notes.example.com", {
  operations: {
    "GET /tenants/{tenant}/notes": notes.read,
    "POST /tenants/{tenant}/notes": notes.write,
    "DELETE /tenants/{tenant}/notes": { scopes: [notes.write, notes.purge], minTrust: 60 },
    "GET /health": "public",
  },
  headers: { "x-caller": "{identity}", "x-role": { "notes:write": "writer", "notes:read": "reader" } },
});
export const otherApi = api("other.example.com", { operations: { "GET /tenants/{tenant}": notes.read } });
const ownTenant = condition(corp, (r) => r.claims.tenant === r.params.tenant);
export const europeanReads = grant({ to: european, scopes: [notes.read], on: notesApi, when: (r) => r.claims.region === "eu" && ownTenant(r), from: "2026-01-01", until: "2026-12-31" });
export const writerWrites = grant({ to: writer, scopes: ["notes:*"], when: (r) => ["eu", "us"].includes(r.claims.region) && r.token.lifetime <= 1800 });
export const acmeReads = grant({ to: acme, scopes: [notes.read], when: ownTenant, from: "2026-07-01", until: "2027-03-31", approved: { by: "sec@example.com" } });
export const printerReads = grant({ to: printer, scopes: [notes.read], on: notesApi, from: "2026-03-01", until: "2026-12-31", approved: { by: "sec@example.com" } });
export const noGuests = deny({ to: [writer, acme], scopes: [notes.write, notes.purge], when: (r) => cidr("203.0.113.0/24").contains(r.request.ip) || r.request.headers["x-guest"] !== undefined });
`;

export const fleetRows = [
  { name: "api-eu", subject: "spiffe://example.org/ns/a/sa/eu", tags: ["eu", "api"] },
  { name: "api-eu-dr", subject: "spiffe://example.org/ns/a/sa/eu-dr", tags: ["eu", "api", "standby"] },
  { name: "api-us", subject: "spiffe://example.org/ns/a/sa/us", tags: ["us", "api"] },
]
  .map((row) => `${JSON.stringify({ tier: "workload", owner: "a@example.com", ...row })}\n`)
  .join("");

export function everythingWith(examples: string): Compiled {
  return compiled({ "notes.policy.ts": everything + examples, "fleet.ndjson": fleetRows });
}
