/** What a publisher has to know of a policy in force: how soon revocations must reach it, and whose its identities and grants are. */
import { hash } from "node:crypto";
import { type Key, readKeys, verifySigned } from "../bundle/index.ts";
import type { Directory } from "../callers/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, readJson } from "../json/index.ts";
import { type Holders, type Identity, lookupIn, type Model, type Tier } from "../model/index.ts";
import { policyPath, type Ring, readPolicyTarget, rings } from "../protocol/index.ts";
import type { Metadata, Targets } from "../trust/index.ts";

interface PolicyFacts {
  /** SHA-256 of the bundle. */
  readonly digest: string;
  readonly sequence: number;
  /** By which the bundle is signed. */
  readonly key: Key;
  /** Seconds; the smallest of all tiers. */
  readonly revocationDelay: number;
  readonly identities: ReadonlyMap<string, Identity>;
  /** By the id of a static key. */
  readonly keys: ReadonlyMap<string, Identity>;
  /** Of each grant, who may hold it: names of identities and of groups. */
  readonly grants: ReadonlyMap<string, Holders>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** Whom security events are about. */
  readonly directory: Directory;
}

export type FactsByRing = ReadonlyMap<Ring, PolicyFacts>;

/** Of a tier that says nothing, and of an estate without tiers (threat model §5.4). */
const DEFAULT_DELAY = 60;

/** The model of the largest estate. */
const LARGEST = 128 * 1024 * 1024;

/** Of what the targets say is in force; bundles that are known already are not read again. */
export async function factsOf(
  targets: Metadata<Targets>,
  known: FactsByRing,
  readBlob: (digest: string) => Promise<Uint8Array>,
): Promise<FactsByRing> {
  const found = new Map<Ring, PolicyFacts>();
  for (const ring of rings) {
    const path = policyPath(ring);
    const target = targets.signed.targets.get(path);
    const digest = target?.hashes.get("sha256");
    if (!target || digest === undefined) continue;
    const same = [...known.values(), ...found.values()].find((facts) => facts.digest === digest);
    const { keys } = readPolicyTarget(path, target.custom);
    found.set(ring, same ?? (await readFacts(await readBlob(digest), canonicalJsonBytes([...keys]))));
  }
  return found;
}

/** @param keys a key file */
export async function readFacts(bundle: Uint8Array, keys: Uint8Array): Promise<PolicyFacts> {
  const trusted = await readKeys(keys);
  const { manifest, files, keyId } = await verifySigned(bundle, trusted);
  const read = readJson(files.get("model.json") ?? new Uint8Array(), { size: LARGEST });
  if (read.failure) throw WritError.of("WRIT7008", { file: "model.json", ...read.failure });
  // What the signer of a release vouches for, its compiler wrote.
  const model = read.value as unknown as Model;
  const { tiers, identities, groups, grants } = model;
  const byName = new Map(identities.map((identity) => [identity.name, identity]));
  return {
    digest: hash("sha256", bundle, "hex"),
    sequence: manifest.metadata.sequence,
    key: trusted.get(keyId)!,
    revocationDelay: Math.min(
      ...tiers.map((tier) => tier.revocationDelay),
      tiers.length > 0 ? Infinity : DEFAULT_DELAY,
    ),
    identities: byName,
    keys: new Map(identities.flatMap((identity) => identity.keys.map(({ id }) => [id, identity] as const))),
    grants: new Map(grants.map(({ name, to }) => [name, to])),
    groups: new Map(groups.map(({ name, members }) => [name, members])),
    directory: directoryOf(model),
  };
}

function directoryOf(model: Model): Directory {
  const lookup = lookupIn(model);
  const issuerNamed = (url: string) => lookup.issuerByUrl(url)?.name;
  const longest = ({ tokenLifetime: { bound = 0, bearer = 0 } }: Tier) => Math.max(bound, bearer);
  return {
    issuerNamed,
    identityNamed(url, subject) {
      const issuer = issuerNamed(url);
      return issuer === undefined ? undefined : lookup.identityOfToken(issuer, subject)?.name;
    },
    tokenLifetime: Math.max(0, ...model.tiers.map(longest)),
  };
}

/** Only when somebody asks: a thousand grants to a group of a thousand are a million pairs. */
export function holdersOf({ grants, groups, identities }: PolicyFacts, grant: string): readonly Identity[] {
  const to = grants.get(grant);
  const names = to ? [...to.identities, ...to.groups.flatMap((group) => groups.get(group) ?? [])] : [];
  return names.flatMap((name) => identities.get(name) ?? []);
}

/** Seconds within which a revocation has to have come everywhere; nothing while no policy is in force. */
export function smallestDelay(facts: FactsByRing): number | undefined {
  return facts.size === 0 ? undefined : Math.min(...[...facts.values()].map(({ revocationDelay }) => revocationDelay));
}
