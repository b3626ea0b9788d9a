/** Names with equal hashes: an estate declares one, a request says the other. Only the bytes tell them apart. */
import { type Input, type Model, normalise, type Policy, type Revocations } from "../../src/model/index.ts";
import { MAGIC } from "../../src/wasm/layout.ts";
import { murmur } from "../../src/wasm/murmur.ts";

const now = 1_800_000_000;
const encoder = new TextEncoder();

export const policy: Policy = { revision: "r1", sequence: 1, notBefore: now - 10, notAfter: now + 10 };

/** Every name by which the engine looks something up. */
const names = {
  issuer: "https://id.example.com",
  subject: "client",
  key: "key",
  scope: "orders:read",
  foreign: "Orders.Read",
  host: "orders.example.com",
  segment: "orders",
  claim: "region",
  value: "eu",
  header: "x-flag",
  literal: "on",
  revoked: "jti",
};
type Names = Readonly<Record<keyof typeof names, string>>;

export interface Collision {
  readonly of: string;
  readonly model: Model;
  readonly revocations: Revocations;
  /** What the estate declares, and what only has its hash. */
  readonly declared: Input;
  readonly other: Input;
}

export function collisions(): readonly Collision[] {
  return (Object.keys(names) as (keyof Names)[]).flatMap((of) => {
    // The subjects of the first issuer have a seed of their own.
    const seed = murmur(encoder.encode(policy.revision), MAGIC) + (of === "subject" ? 1 : 0);
    const [a, b] = twins(`${names[of]}-`, seed >>> 0);
    const [declared, other] = [
      { ...names, [of]: a },
      { ...names, [of]: b },
    ];
    const revocations = { at: now, floor: 0, ...(of === "revoked" && { tokens: { corp: { [a]: 0 } } }) };
    return [true, false].map((withToken) => ({
      of,
      model: modelOf(declared),
      revocations,
      declared: inputOf(declared, withToken),
      other: inputOf(other, withToken),
    }));
  });
}

/** Two texts of one length and one hash: among so many some pair has. */
function twins(prefix: string, seed: number): readonly [string, string] {
  const met = new Map<number, number>();
  const bytes = encoder.encode(textOf(prefix, 0));
  for (let n = 0; ; n++) {
    for (let digit = 0; digit < digits; digit++) bytes[bytes.length - 1 - digit] = 0x61 + ((n >>> (4 * digit)) & 15);
    const hash = murmur(bytes, seed);
    const twin = met.get(hash);
    if (twin !== undefined) return [textOf(prefix, twin), textOf(prefix, n)];
    met.set(hash, n);
  }
}

const digits = 6;

function textOf(prefix: string, n: number): string {
  const letters = Array.from({ length: digits }, (_, digit) => String.fromCharCode(0x61 + ((n >>> (4 * digit)) & 15)));
  return prefix + letters.reverse().join("");
}

function modelOf(declared: Names): Model {
  const fact = { kind: "header", name: declared.header } as const;
  const compared = { kind: "in", fact, values: [declared.literal, "other"] } as const;
  return normalise({
    format: 1,
    tiers: [
      {
        name: "workload",
        trust: 40,
        authentication: ["bearer", "key"],
        tokenLifetime: { bearer: 300 },
        audiences: 1,
        revokesTokens: false,
        revocationDelay: 60,
        keyRotation: 100,
        wildcards: true,
      },
    ],
    issuers: [
      {
        name: "corp",
        url: declared.issuer,
        audience: "https://apis.example.com",
        algorithms: ["ES256"],
        claims: [{ name: declared.claim, type: "string", optional: false, values: [declared.value, "us"] }],
        translate: [{ from: declared.foreign, to: ["files:read"] }],
      },
    ],
    identities: [
      {
        name: "client",
        tier: "workload",
        issuer: "corp",
        subject: declared.subject,
        keys: [{ id: declared.key, created: now }],
        owner: "team@example.com",
        tags: [],
      },
    ],
    groups: [],
    scopes: [
      { name: declared.scope, implies: [] },
      { name: "files:read", implies: [] },
    ],
    apis: [
      {
        name: "api",
        host: declared.host,
        operations: [
          {
            name: `GET /${declared.segment}/x`,
            method: "GET",
            template: `/${declared.segment}/x`,
            public: false,
            scopes: [declared.scope, "files:read"],
            minTrust: 0,
          },
        ],
        headers: [],
      },
    ],
    conditions: [],
    grants: [
      {
        name: "grant",
        to: { identities: ["client"], groups: [] },
        scopes: [declared.scope, "files:read"],
        patterns: [],
        emergency: false,
        when: compared,
      },
    ],
    denies: [],
    examples: [],
  });
}

function inputOf(said: Names, withToken: boolean): Input {
  const token = {
    iss: said.issuer,
    sub: said.subject,
    aud: "https://apis.example.com",
    iat: now - 1,
    exp: now + 100,
    jti: said.revoked,
    scope: `${said.scope} ${said.foreign}`,
    [said.claim]: said.value,
  };
  const headers = { [said.header]: said.literal };
  const request = { host: said.host, method: "GET", path: `/${said.segment}/x`, headers };
  return { time: now, ...(withToken ? { token } : { key: { id: said.key } }), request };
}
