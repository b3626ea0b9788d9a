/** `writ publisher new FOLDER` and `writ publisher token NAME`: a publisher to begin with, on one machine. */
import { importJWK, type JWK, SignJWT } from "jose";
import { newKeys } from "../bundle/index.ts";
import { newGateway, readCallers } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { newTrustKeys } from "../trust/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson } from "./output.ts";
import { absolute } from "./paths.ts";
import { initTrust } from "./trust.ts";

const ISSUER = "https://issuer.invalid";
const AUDIENCE = "https://publisher.invalid";
const LIFE = 600;

/** The callers of the estate that is made: one of each role, so that no two hats are on one head. */
const people = [
  { name: "ci", roles: ["author"] },
  { name: "alice", roles: ["approver"] },
  { name: "bob", roles: ["approver"] },
  { name: "olga", roles: ["operator"] },
  { name: "security", roles: ["revoker"] },
  { name: "auditor", roles: ["auditor"] },
] as const;

interface NewOptions {
  readonly gateway: readonly string[];
  readonly gatewayPort: number;
  readonly adminPort: number;
  readonly format: "text" | "json";
}

/** All keys are made here and now: what is made is for trying out, until each key is where it belongs. */
export async function newPublisher(host: Host, folder: string, options: NewOptions): Promise<Exit> {
  if ((host.entries(absolute(host, folder)) ?? []).length > 0) throw WritError.of("WRIT5085", { path: folder });
  const [bundles, ci, issuer] = [await newKeys({}), await newTrustKeys("ed25519"), await newKeys({})];
  const gateways = options.gateway.map((name) => newGateway(name, "stable"));
  const callers = {
    audience: AUDIENCE,
    issuers: [{ issuer: ISSUER, algorithm: "ES256", type: "at+jwt", keys: publicSet(issuer.publicKeys) }],
    callers: [
      ...people.map((caller) => ({ ...caller, person: caller.name, issuer: ISSUER, subject: caller.name })),
      ...gateways.map(({ entry }) => entry),
    ],
  };
  const callersText = `${JSON.stringify(callers, null, 2)}\n`;
  // What was given is judged before anything is written, so that a mistake leaves no half of a folder behind.
  await readCallers(new TextEncoder().encode(callersText));

  const write = (name: string, text: string, secret?: "secret") =>
    host.write(absolute(host, `${folder}/${name}`), text, secret);
  const trust = { key: [], threshold: 2, scheme: "ed25519", expires: "365d", format: "json" } as const;
  await initTrust({ ...host, print: () => {} }, `${folder}/trust`, trust);
  write("keys/bundles.key.json", bundles.privateKey, "secret");
  write("keys/bundles.keys.json", bundles.publicKeys);
  write("keys/ci.key.json", ci.secret, "secret");
  write("keys/ci.json", ci.public);
  write("keys/issuer.key.json", issuer.privateKey, "secret");
  for (const { token, entry } of gateways) write(`tokens/${entry.name}.token`, `${token}\n`, "secret");
  write("callers.json", callersText);
  write("publisher.json", `${JSON.stringify(configOf(options), null, 2)}\n`);
  if (options.format === "json")
    printJson(host, { folder, publisher: `${folder}/publisher.json`, gateways: [...options.gateway] });
  else host.print(nextSteps(folder, options));
  return exits.ok;
}

function configOf({ gatewayPort, adminPort }: NewOptions) {
  return {
    origin: "estate.invalid",
    address: `http://127.0.0.1:${gatewayPort}`,
    gateway: { host: "127.0.0.1", port: gatewayPort },
    admin: { host: "127.0.0.1", port: adminPort },
    store: "store",
    trust: "trust",
    callers: "callers.json",
    bundleKeys: "keys/bundles.keys.json",
    bundleSigner: "keys/bundles.key.json",
    provenance: {
      keys: ["keys/ci.json"],
      threshold: 1,
      sources: [{ repository: "https://git.invalid/estate", workflow: "build@refs/heads/main" }],
    },
    decisions: "decisions.jsonl",
    openPage: true,
  };
}

/** From our form of a key file to a JWK Set (RFC 7517 §5). */
function publicSet(keyFile: string): unknown {
  const keys = JSON.parse(keyFile) as readonly { readonly kid: string; readonly alg: string; readonly jwk: object }[];
  return { keys: keys.map(({ kid, alg, jwk }) => ({ ...jwk, kid, alg })) };
}

function nextSteps(folder: string, { adminPort, gateway }: NewOptions): string {
  return [
    `${folder}/publisher.json is a publisher with keys of its own: for trying out, until each key is where it belongs`,
    "",
    `  writ serve ${folder}/publisher.json                      # the page is at http://127.0.0.1:${adminPort}/`,
    `  export WRIT_PUBLISHER=http://127.0.0.1:${adminPort}`,
    `  writ build --sign ${folder}/keys/bundles.key.json`,
    `  writ provenance bundle.tar.gz --key ${folder}/keys/ci.key.json --repository https://git.invalid/estate \\`,
    "    --workflow build@refs/heads/main --commit $(git rev-parse HEAD) > provenance.json",
    `  WRIT_TOKEN=$(writ publisher token ci ${folder}) writ submit bundle.tar.gz --provenance provenance.json`,
    ...gateway.map((name) => `\n${folder}/tokens/${name}.token is the token of the gateway ${name}`),
    "",
  ].join("\n");
}

interface SecretKey {
  readonly kid: string;
  readonly alg: string;
  readonly jwk: JWK;
}

/** An access token as an identity provider would issue it, good for one change: signed by the key that `new` made. */
export async function callerToken(host: Host, name: string, folder: string): Promise<Exit> {
  const path = `${folder}/keys/issuer.key.json`;
  const file = JSON.parse(new TextDecoder().decode(readNamedFile(host, path, largestKeyFile))) as SecretKey;
  const now = host.time();
  const key = await importJWK(file.jwk, file.alg);
  const token = await new SignJWT({ amr: ["pwd", "mfa"] })
    .setProtectedHeader({ alg: "ES256", kid: file.kid, typ: "at+jwt" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(name)
    .setJti(host.randomText())
    .setIssuedAt(now)
    .setExpirationTime(now + LIFE)
    .sign(key);
  host.print(`${token}\n`);
  return exits.ok;
}
