/** `writ show tables FILE`: what stands in the tables of a `policy.wasm`, read back from its bytes. */
import { type ReadRights, type ReadRule, type ReadTables, readTables, takeApart } from "../wasm/index.ts";
import { fromBundle } from "./decider.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { moduleIn } from "./module.ts";
import { type Exit, exits, printJson, renderTable } from "./output.ts";
import { writeTime } from "./times.ts";

export interface ShowTablesOptions {
  readonly keys?: string;
  readonly format: "text" | "json";
}

/** The largest module that a bundle may hold. */
const largestModule = 128 * 1024 * 1024;

/** A bundle is verified first; a module that lies about by itself is not. */
export async function showTablesOfFile(host: Host, path: string, options: ShowTablesOptions): Promise<Exit> {
  const isBundle = options.keys !== undefined || path.endsWith(".gz");
  if (!isBundle) return showTables(host, readNamedFile(host, path, largestModule), options);
  const { artefacts } = await fromBundle(host, path, options.keys);
  return showTables(host, moduleIn(artefacts), options);
}

export function showTables(host: Host, module: Uint8Array, { format }: ShowTablesOptions): Exit {
  const tables = readTables(takeApart(module).tables);
  if (format === "json") printJson(host, tables);
  else host.print(describeTables(tables));
  return exits.ok;
}

type Rows = readonly (readonly string[])[];

/** The parts of the tables, each under its name; those that are empty are left out. */
function describeTables(tables: ReadTables): string {
  const sections: readonly (readonly [title: string, heads: readonly string[], rows: Rows])[] = [
    ["policy", [], aboutRows(tables)],
    ["tiers", tierHeads, tables.tiers.map((tier) => tierHeads.map((head) => said(tier[head])))],
    ["issuers", ["name", "url", "audience"], tables.issuers.map(({ name, url, audience }) => [name, url, audience])],
    ["claims", ["issuer", "claim", "type", "values"], tables.issuers.flatMap(claimRows)],
    ["translations", ["issuer", "scope", "is"], tables.issuers.flatMap(translationRows)],
    ["members of tokens", ["number", "name"], tables.members.map((name, number) => [String(number), name])],
    ["headers of requests", ["number", "name"], tables.headers.map((name, number) => [String(number), name])],
    ["scopes", ["name", "implies"], tables.scopes.map(({ name, implies }) => [name, said(implies)])],
    ["hosts", ["host", "state"], tables.hosts.map(({ host, state }) => [host, String(state)])],
    ["SPIFFE IDs", ["state"], tables.spiffeStart === undefined ? [] : [[String(tables.spiffeStart)]]],
    ["states", ["state", "at", "is"], tables.states.flatMap(stateRows)],
    ["operations", ["operation", "api", "scopes", "trust", "parameters", "upstream"], operationRows(tables)],
    ["grants", ruleHeads, tables.grants.map(ruleRow)],
    ["denies", ruleHeads, tables.denies.map(ruleRow)],
    ["conditions", ["condition", "step", "test", "true", "false"], conditionRows(tables)],
    ["rights", ["rights", "kind", "scope", "rules"], tables.rights.flatMap(rightsRows)],
    ["identities", identityHeads, tables.identities.map(identityRow)],
    ["keys", ["key", "identity", "created"], tables.keys.map((key) => [key.id, key.identity, writeTime(key.created)])],
  ];
  return sections
    .filter(([, , rows]) => rows.length > 0)
    .map(([title, heads, rows]) => `${title}\n${indented(renderTable(heads.length > 0 ? [heads, ...rows] : rows))}`)
    .join("\n");
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

function said(value: string | number | boolean | readonly (string | number)[] | undefined): string {
  return value === undefined ? "" : Array.isArray(value) ? value.join(" ") : String(value);
}

function timeOf(time: number | undefined): string {
  return time === undefined ? "" : writeTime(time);
}

function aboutRows({ revision, sequence, notBefore, notAfter, publicDelay, bytes, seed }: ReadTables): Rows {
  return [
    ["revision", revision],
    ["sequence", String(sequence)],
    ["from", writeTime(notBefore)],
    ["until", writeTime(notAfter)],
    ["public delay", `${publicDelay} s`],
    ["bytes", String(bytes)],
    ["seed", `0x${seed.toString(16)}`],
  ];
}

const tierHeads = [
  "name",
  "trust",
  "authentication",
  "boundLifetime",
  "bearerLifetime",
  "revocationDelay",
  "keyRotation",
  "audiences",
  "revokesTokens",
] as const;

const identityHeads = ["name", "tier", "issuer", "subject", "owner", "from", "expires", "tags", "rights"];

function identityRow(identity: ReadTables["identities"][number]): readonly string[] {
  const { name, tier, issuer, subject, owner, from, expires, tags, rights } = identity;
  return [...[name, tier, issuer, subject, owner].map(said), timeOf(from), timeOf(expires), said(tags), said(rights)];
}

function claimRows({ name: issuer, claims }: ReadTables["issuers"][number]): Rows {
  return claims.map(({ name, type, optional, values }) => [issuer, name, optional ? `${type}?` : type, said(values)]);
}

function translationRows({ name: issuer, translations }: ReadTables["issuers"][number]): Rows {
  return translations.map(({ from, scopes }) => [issuer, from, said(scopes)]);
}

function stateRows({ literals, other, found }: ReadTables["states"][number], state: number): Rows {
  return [
    ...literals.map(({ text, state: next }) => [String(state), JSON.stringify(text), `state ${next}`]),
    ...(other === undefined ? [] : [[String(state), "any other", `state ${other}`]]),
    ...found.map(({ key, name }) => [String(state), `end, ${key}`, name]),
  ];
}

function operationRows({ operations }: ReadTables): Rows {
  return operations.map(({ name, api, scopes, minTrust, parameters, upstream, ...operation }) => [
    name,
    String(api),
    operation.public ? "public" : said(scopes),
    String(minTrust),
    parameters.map(({ number, segment, rest }) => `${number}: segment ${segment}${rest ? " on" : ""}`).join(", "),
    upstream.map((header) => `${header.name}: ${header.parts.join(" ")}`).join(", "),
  ]);
}

const ruleHeads = ["name", "apis", "condition", "from", "until", "emergency"];

function ruleRow({ name, apis, condition, from, until, emergency }: ReadRule): readonly string[] {
  return [name, apis ? said(apis) : "any", said(condition), timeOf(from), timeOf(until), emergency ? "emergency" : ""];
}

function conditionRows({ conditions }: ReadTables): Rows {
  return conditions.flatMap(({ instructions }, condition) =>
    instructions.map(({ test, fact, value, onTrue, onFalse }, step) => [
      String(condition),
      String(step),
      [fact, test, value === undefined ? undefined : JSON.stringify(value)]
        .filter((word) => word !== undefined)
        .join(" "),
      String(onTrue),
      String(onFalse),
    ]),
  );
}

function rightsRows({ grants, denies, common }: ReadRights, rights: number): Rows {
  const rows = (kind: string, of: ReadRights["grants"]) =>
    of.map(({ scope, rules }) => [String(rights), kind, scope, said(rules)]);
  const others = common === undefined ? [] : [[String(rights), "others", `rights ${common}`]];
  return [...rows("grant", grants), ...rows("deny", denies), ...others];
}
