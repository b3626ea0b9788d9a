/** For each row of the decision procedure, changes after which it no longer refuses; which of them suffice, a search finds out. */
import {
  clockSkew,
  own,
  type Policy,
  presentedBy,
  type Revocations,
  type Row,
  readRevocations,
  revokedBy,
  rows,
  type Tier,
  type Token,
} from "../model/index.ts";
import { type Change, dateOf, inRequest } from "./change.ts";
import { repairIdentity, repairPresentation } from "./repair-credential.ts";
import { repairOperation, repairPath } from "./repair-path.ts";
import { repairCarried, repairCondition, repairDenied, repairGranted, repairInForce } from "./repair-rights.ts";
import type { Scene } from "./scene.ts";

type Repairs = readonly (readonly Change[])[];

/** Ways to get past the row that refused, each a set of changes, the most fitting first. */
export function repairs(scene: Scene): Repairs {
  const row = scene.observations.at(-1)?.row;
  const repair = row && byRow.get(row);
  return (repair?.(factsOf(scene)) ?? []).filter((changes) => changes.length > 0);
}

/** What the rows beyond step 0 may count on. */
interface Facts extends Scene {
  readonly time: number;
  readonly tier: Tier | undefined;
  readonly token: Token | undefined;
  readonly policy: Policy;
  readonly revocations: Revocations;
}

function factsOf(scene: Scene): Facts {
  const { credential } = scene;
  const known = typeof credential === "object" ? credential : undefined;
  return {
    ...scene,
    time: scene.input?.time ?? 0,
    tier: known && scene.lookup.tier(known.identity.tier),
    token: known?.kind === "token" ? known.token : undefined,
    policy: scene.question.loaded.policy as Policy,
    revocations: readRevocations(scene.question.loaded.revocations) ?? { at: 0, floor: 0 },
  };
}

const byRow: ReadonlyMap<Row, (facts: Facts) => Repairs> = new Map<Row, (scene: Facts) => Repairs>([
  [rows.policyLoaded, loadPolicy],
  [rows.policyInForce, enforcePolicy],
  [
    rows.revocationsKnown,
    ({ time }) => [[revocations([], { at: time, floor: 0 }, "revocations are known, none named")]],
  ],
  [rows.policyAboveFloor, raiseSequence],
  [rows.revocationsDated, ({ time }) => [[revocations(["at"], time, `revocations are known as of ${dateOf(time)}`)]]],
  [rows.publicFresh, refresh],
  [rows.identityNamed, repairIdentity],
  [rows.identityAlive, revive],
  [rows.tokenRevocable, () => [[inRequest(["token", "jti"], "new")]]],
  [rows.revocationsFresh, refresh],
  [rows.notRevoked, unrevoke],
  [rows.audience, ({ token }) => (token ? [[inRequest(["token", "aud"], token.issuer.audience)]] : [])],
  [rows.tokenBegun, beginToken],
  [rows.tokenAlive, prolongToken],
  [rows.tokenShortLived, shortenToken],
  [rows.presented, present],
  [rows.keyYoung, rotateKey],
  [rows.pathCanonical, ({ input, question }) => (input ? repairPath(input.request, question.loaded.model) : [])],
  [
    rows.operationDeclared,
    ({ input, question }) => (input ? repairOperation(input.request, question.loaded.model) : []),
  ],
  [rows.trusted, trust],
  [rows.scopesCarried, ({ call }) => (call ? repairCarried(call) : [])],
  [rows.scopesGranted, (scene) => (scene.call ? repairGranted(scene.call, scene) : [])],
  [rows.grantsInForce, ({ call }) => (call ? repairInForce(call) : [])],
  [rows.conditionsHold, ({ call }) => (call ? repairCondition(call) : [])],
  [rows.notDenied, ({ call }) => (call ? repairDenied(call) : [])],
]);

function policy(at: readonly string[], to: unknown, words: string): Change {
  return { in: "policy", at, to, words };
}

function revocations(at: readonly string[], to: unknown, words: string): Change {
  return { in: "revocations", at, to, words };
}

function estate(at: readonly string[], to: unknown, words: string): Change {
  return { in: "estate", at, to, words };
}

function loadPolicy({ time, revocations: { floor } }: Facts): Repairs {
  const loaded: Policy = { revision: "new", sequence: floor, notBefore: time, notAfter: time + 1 };
  return [[policy([], loaded, `a policy is loaded that is in force at ${dateOf(time)}, of sequence ${floor}`)]];
}

function enforcePolicy({ time, policy: { notBefore, notAfter } }: Facts): Repairs {
  const window = [
    ...(time < notBefore
      ? [policy(["notBefore"], time, `the policy is in force from ${dateOf(time)} or earlier`)]
      : []),
    ...(notAfter <= time
      ? [policy(["notAfter"], time + 1, `the policy is in force until ${dateOf(time + 1)} or later`)]
      : []),
  ];
  return [
    window,
    ...(notBefore < notAfter ? [[inRequest(["time"], time < notBefore ? notBefore : notAfter - 1)]] : []),
  ];
}

function raiseSequence({ policy: { sequence }, revocations: { floor } }: Facts): Repairs {
  return [
    [policy(["sequence"], floor, `the policy has the sequence ${floor} or a higher one`)],
    [revocations(["floor"], sequence, `the floor is ${sequence} or a lower one`)],
  ];
}

function refresh({ time, tier, lookup, revocations: { at } }: Facts): Repairs {
  const delay = tier?.revocationDelay ?? lookup.publicDelay;
  const since = time - delay;
  return [
    [revocations(["at"], since, `revocations are known as of ${dateOf(since)} or later`)],
    ...(tier
      ? [
          [
            estate(
              ["tiers", tier.name, "revocationDelay"],
              time - at,
              `\`${tier.name}\` has a \`revocationDelay\` of ${time - at} s`,
            ),
          ],
        ]
      : []),
  ];
}

function revive({ time, credential }: Facts): Repairs {
  if (typeof credential !== "object") return [];
  const { name, from = 0, expires } = credential.identity;
  const at = ["identities", name];
  return [
    [
      ...(time < from ? [estate([...at, "from"], time, `\`${name}\` begins at ${dateOf(time)} or earlier`)] : []),
      ...(expires !== undefined && expires <= time
        ? [estate([...at, "expires"], time + 1, `\`${name}\` expires at ${dateOf(time + 1)} or later`)]
        : []),
    ],
    [inRequest(["time"], time < from ? from : (expires ?? 1) - 1)],
  ];
}

function unrevoke({ revocations: known, credential, input, token }: Facts): Repairs {
  if (typeof credential !== "object" || !input) return [];
  const revoking = revokedBy(known, credential, input);
  if (!revoking) return [];
  const { at, words } = revoking;
  const since = own(known.issuedBefore ?? {}, credential.identity.name);
  return [
    ...(token && at[0] === "tokens" ? [[inRequest(["token", "jti"], `${token.id}-new`)]] : []),
    ...(token && at[0] === "issuedBefore" ? [[inRequest(["token", "iat"], since)]] : []),
    [{ in: "revocations", at, words: `nothing revokes ${words}` }],
  ];
}

function beginToken({ time, token }: Facts): Repairs {
  if (!token) return [];
  const late = (["nbf", "iat"] as const).filter((name) => Number(own(token.claims, name)) > time + clockSkew);
  const begins = Math.max(token.notBefore ?? 0, token.issued) - clockSkew;
  return [late.map((name) => inRequest(["token", name], time)), [inRequest(["time"], begins)]];
}

function prolongToken({ time, token }: Facts): Repairs {
  if (!token) return [];
  return [
    [inRequest(["token", "exp"], time + 1)],
    ...(token.expires > 0 ? [[inRequest(["time"], token.expires - 1)]] : []),
  ];
}

function shortenToken(scene: Facts): Repairs {
  const { time, tier, token } = scene;
  if (!token || !tier) return [];
  const kind = token.confirmation ? "bound" : "bearer";
  const longest = tier.tokenLifetime[kind] ?? 0;
  const life = token.expires - token.issued;
  const earlier = token.issued + longest;
  return [
    ...(earlier > time ? [[inRequest(["token", "exp"], earlier)]] : []),
    ...(longest > 0 ? [[inRequest(["token", "iat"], token.expires - longest)]] : []),
    // A bearer token that may not live long enough: bind it.
    ...(token.confirmation || typeof scene.credential !== "object"
      ? []
      : repairPresentation(scene.credential, tier, scene)),
    [
      estate(
        ["tiers", tier.name, "tokenLifetime", kind],
        life,
        `\`${tier.name}\` accepts ${kind} tokens that live ${life} s`,
      ),
    ],
  ];
}

function present(scene: Facts): Repairs {
  const { credential, tier } = scene;
  if (typeof credential !== "object" || !tier) return [];
  const methods = scene.input ? presentedBy(credential, scene.input) : [];
  const accepting = methods.map((method) => [
    estate(
      ["tiers", tier.name, "authentication"],
      [...tier.authentication, method],
      `\`${tier.name}\` accepts \`${method}\``,
    ),
  ]);
  return [...repairPresentation(credential, tier, scene), ...accepting];
}

function rotateKey({ time, tier, credential }: Facts): Repairs {
  if (typeof credential !== "object" || credential.kind !== "key") return [];
  const created = Math.min(time, Math.max(credential.created, time - (tier?.keyRotation ?? 0)));
  const { name } = credential.identity;
  const at = ["identities", name, "keys", credential.subject, "created"];
  return [[estate(at, created, `the key \`${credential.subject}\` of \`${name}\` was made at ${dateOf(created)}`)]];
}

function trust({ tier, found }: Facts): Repairs {
  if (!tier || !found) return [];
  const { minTrust, name } = found.operation;
  return [
    [
      estate(
        ["apis", found.api.name, "operations", name, "minTrust"],
        tier.trust,
        `\`${found.name}\` demands a trust of ${tier.trust} or less`,
      ),
    ],
    [estate(["tiers", tier.name, "trust"], minTrust, `\`${tier.name}\` has a trust of ${minTrust} or more`)],
  ];
}
