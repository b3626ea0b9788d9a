/** An estate of two tiers whose revocations have to be known soon, with as many identities as are revoked, and requests of each. */

import { readSigner } from "../../src/bundle/index.ts";
import type { GatewayRequest } from "../../src/client/index.ts";
import { emit, packRelease } from "../../src/compile.ts";
import { type Model, normalise } from "../../src/model/index.ts";

/** Seconds, by tier. */
export const delays = { fast: 2, slow: 5 } as const;
export type Tier = keyof typeof delays;
export type Delays = Readonly<Record<Tier, number>>;

export const tierNames: readonly Tier[] = ["fast", "slow"];
export const issuerUrl = "https://id.example.com";

/** Of each tier. */
export const identities = 150;

const host = "api.example.com";
const audience = "https://api.example.com";
/** The tokens and the policy of a run are in force by every clock in it, the leapt ones too. */
const twoHours = 7200;
const day = 86_400;

export const nameOf = (tier: Tier, number: number): string => `${tier}-${number}`;
const subjectOf = (name: string): string => `spiffe://example.org/${name}`;

const names = tierNames.flatMap((tier) => Array.from({ length: identities }, (_, number) => nameOf(tier, number)));

export const model: Model = normalise({
  format: 1,
  tiers: tierNames.map((name, index) => ({
    name,
    trust: 10 + index,
    authentication: ["svid", "bearer"],
    tokenLifetime: { bearer: 4 * twoHours },
    audiences: 1,
    revokesTokens: true,
    revocationDelay: delays[name],
    wildcards: false,
  })),
  issuers: [{ name: "corp", url: issuerUrl, audience, algorithms: ["ES256"], claims: [], translate: [] }],
  identities: names.map((name) => ({
    name,
    tier: name.split("-")[0]!,
    issuer: "corp",
    subject: subjectOf(name),
    keys: [],
    owner: `${name}@example.com`,
    tags: [],
  })),
  groups: [{ name: "all", members: names }],
  scopes: [{ name: "things:read", implies: [] }],
  apis: [
    {
      name: "thingsApi",
      host,
      operations: [
        {
          name: "GET /v1/things",
          method: "GET",
          template: "/v1/things",
          public: false,
          scopes: ["things:read"],
          minTrust: 0,
        },
      ],
      headers: [],
    },
  ],
  conditions: [],
  grants: [
    {
      name: "allRead",
      to: { identities: [], groups: ["all"] },
      scopes: ["things:read"],
      emergency: false,
      patterns: [],
    },
  ],
  denies: [],
  examples: [],
});

const request = { host, method: "GET", path: "/v1/things" };

/** By the identity itself, which shows no token. */
export function byIdentity(tier: Tier, number: number): GatewayRequest {
  return { peer: { spiffe: subjectOf(nameOf(tier, number)) }, request };
}

/** By a token of its own. */
export function byToken(tier: Tier, jti: string, now: number): GatewayRequest {
  const claims = { iss: issuerUrl, sub: subjectOf(nameOf(tier, 0)), aud: audience, scope: "things:read" };
  return { token: { ...claims, iat: now - twoHours, exp: now + twoHours, jti }, request };
}

/** @param signer a file with the key that signs bundles */
export async function bundleOf(
  sequence: number,
  now: number,
  signer: Uint8Array,
  revocationDelays: Delays = delays,
): Promise<Uint8Array> {
  const tiers = model.tiers.map((tier) => ({ ...tier, revocationDelay: revocationDelays[tier.name as Tier] }));
  const release = { sequence, issued: now - twoHours, expires: now + 5 * day };
  return packRelease(emit({ ...model, tiers }, { release }), await readSigner(signer));
}
