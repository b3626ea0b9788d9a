/** The estate that `writ init` writes, as bundles: what we sign, and what others would like OPA to take for it. */
import { type Manifest, pack, readSigner } from "../../src/bundle/index.ts";
import { estate } from "../../src/cli/init.ts";
import { compile, type Emission, emit, manifestOf, packRelease } from "../../src/compile.ts";
import { canonicalJsonBytes, type JsonObject } from "../../src/json/index.ts";
import type { Artefact, Model } from "../../src/model/index.ts";
import {
  type Entry,
  forgeGzip,
  forgeJws,
  forgeTar,
  OTHER,
  privateKeyFile,
  RELEASE,
  type Statement,
  state,
  type TestKey,
  utf8,
} from "../bundle/forge.ts";

export const NOW = 1_795_478_400;
export const DAY = 86_400;

const signers = new Map(
  await Promise.all([RELEASE, OTHER].map(async (key) => [key, await readSigner(privateKeyFile(key))] as const)),
);

function modelOf(texts: Readonly<Record<string, string>>): Model {
  const files = Object.entries(texts).map(([path, text]) => ({ path, bytes: utf8(text) }));
  const policies = files.filter(({ path }) => path.endsWith(".policy.ts"));
  const { value } = compile({ policies, data: (path) => files.find((file) => file.path === path) }, { issued: NOW });
  return value.model!;
}

const model = modelOf(estate);
const guard = "scopes: [orders.write], when: ownTenant";
/** In the same estate without one condition, the shop writes orders of any tenant: what an attacker would like to be in force. */
const openModel = modelOf({
  ...estate,
  "orders.policy.ts": estate["orders.policy.ts"]!.replace(guard, "scopes: [orders.write]").replace(
    'expect: "condition"',
    'expect: "allow"',
  ),
});

/** What the shop asks: to write an order of its own tenant, which is granted, or of another one, which only the attacker grants. */
export function asks(tenant: "own" | "other", time = NOW): JsonObject {
  return {
    time,
    token: {
      iss: "https://id.example.com",
      sub: "spiffe://example.org/ns/shop/sa/checkout",
      aud: "https://apis.example.com",
      iat: time - 10,
      exp: time + 600,
      jti: "token-1",
      scope: "orders:write",
      cnf: { "x5t#S256": "thumbprint" },
      tenant: "t1",
    },
    peer: { "x5t#S256": "thumbprint" },
    request: {
      host: "orders.example.com",
      method: "POST",
      path: `/v1/tenants/${tenant === "own" ? "t1" : "t2"}/orders`,
    },
  };
}

export interface Terms {
  readonly issued?: number;
  readonly expires?: number;
  /** The attacker's estate. */
  readonly open?: true;
}

export function emission(
  sequence: number,
  { issued = NOW - 100, expires = NOW + 30 * DAY, open }: Terms = {},
): Emission {
  return emit(open ? openModel : model, { release: { sequence, issued, expires } });
}

export function policyBundle(
  sequence: number,
  { key = RELEASE, ...terms }: Terms & { readonly key?: TestKey } = {},
): Promise<Uint8Array> {
  return packRelease(emission(sequence, terms), signers.get(key)!);
}

/** The same under another scope, or unsigned. */
export function looseBundle(emission: Emission, signed?: { readonly scope: string }): Promise<Uint8Array> {
  return pack(
    emission.artefacts,
    manifestOf(emission.policy),
    signed && { signer: signers.get(RELEASE)!, scope: signed.scope },
  );
}

/** @param revocations what the bundle says; anything at all, for what is signed need not make sense */
export function revocationsBundle(revocations: unknown, key: TestKey = OTHER): Promise<Uint8Array> {
  const manifest: Manifest = {
    revision: "revocations",
    roots: ["revocations"],
    rego_version: 1,
    metadata: { sequence: 1, issued: NOW - 100, expires: NOW + 30 * DAY, entrypoints: [] },
  };
  const data = revocations === undefined ? {} : { revocations };
  return pack([{ path: "data.json", bytes: canonicalJsonBytes(data as JsonObject) }], manifest, {
    signer: signers.get(key)!,
  });
}

/** A bundle for the root `discovery`: what configures OPA. */
export function discoveryBundle(artefacts: readonly Artefact[], key?: TestKey): Promise<Uint8Array> {
  const metadata = { sequence: 1, issued: NOW, expires: NOW + DAY, entrypoints: ["discovery"] };
  return pack(
    artefacts,
    { revision: "discovery", roots: ["discovery"], rego_version: 1, metadata },
    key && { signer: signers.get(key)! },
  );
}

export interface Forgery {
  /** Of what the signature states. */
  readonly statement?: (statement: Statement) => Statement;
  readonly signatures?: (jws: string) => readonly string[];
  /** Of what is in the archive, after it was signed. */
  readonly entries?: (entries: Entry[]) => readonly Entry[];
}

/** An emission packed by none of our code, really signed, and then spoilt. */
export function forgeBundle({ artefacts, policy }: Emission, forgery: Forgery = {}): Uint8Array {
  const files = new Map(artefacts.map(({ path, bytes }) => [path, bytes]));
  files.set(".manifest", canonicalJsonBytes(manifestOf(policy) as unknown as JsonObject));
  const statement = state(files, policy.notBefore);
  const jws = forgeJws(
    JSON.stringify({ alg: "ES256", kid: RELEASE.kid, typ: "JWT" }),
    JSON.stringify(forgery.statement?.(statement) ?? statement),
    RELEASE,
  );
  files.set(".signatures.json", utf8(JSON.stringify({ signatures: forgery.signatures?.(jws) ?? [jws] })));
  const entries = Array.from(files, ([name, bytes]): Entry => ({ name: `/${name}`, bytes }));
  return forgeGzip(forgeTar(forgery.entries?.(entries) ?? entries));
}

/** A delta: nothing of it is ever signed. */
export function forgeDelta(
  root: string,
  patches: readonly { readonly op: string; readonly path: string; readonly value?: unknown }[],
): Uint8Array {
  const manifest = canonicalJsonBytes({ revision: "delta", roots: [root] });
  return forgeGzip(
    forgeTar([
      { name: "/.manifest", bytes: manifest },
      { name: "/patch.json", bytes: utf8(JSON.stringify({ data: patches })) },
    ]),
  );
}
