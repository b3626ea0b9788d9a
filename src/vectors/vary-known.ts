/** What is known of revocations, and the time: each list names the caller, and each boundary is met from both sides. */
import type { Input } from "../model/index.ts";
import { issuerOf, tokenId } from "./credential.ts";
import type { Base } from "./requests.ts";
import { asked, known, type Variation } from "./variation.ts";

/** A gateway's clock may be behind the publisher's by no more than this. */
const skew = 60;

export function varyKnown(base: Base): readonly Variation[] {
  return [...freshness(base), ...lists(base), ...moments(base)];
}

function freshness({ model, identity, input, policy, scene }: Base): readonly Variation[] {
  const { time } = input;
  const delay = model.tiers.find((tier) => tier.name === identity?.tier)?.revocationDelay ?? scene.lookup.publicDelay;
  return [
    [known([], undefined, "nothing is known of revocations")],
    [known([], {}, "what is known of revocations is empty")],
    ...[time - delay, time - delay - 1, time, time + skew, time + skew + 1, 0, undefined, "soon", -1, 1.5].map((at) => [
      known(["at"], at),
    ]),
    ...[policy.sequence, policy.sequence + 1, 0, undefined, null, "1"].map((floor) => [known(["floor"], floor)]),
    [known(["sequence"], undefined)],
    ...(scene.decision.allow
      ? [[asked(["time"], scene.decision.until - 1)], [asked(["time"], scene.decision.until)]]
      : []),
  ];
}

/** An entry counts by being there, whatever its value; a list that is none holds nothing. */
function lists({ model, identity, input, scene }: Base): readonly Variation[] {
  const names = ["identities", "owners", "issuers", "tiers", "keys", "grants", "tokens", "issuedBefore"];
  const empty = names.flatMap((name) =>
    [[], null, "x", { nobody: 1 }, { __proto__: null, toString: 1 }].map((list) => [known([name], list)]),
  );
  if (!identity) return empty;
  const entry = (list: string, name: unknown): Variation[] =>
    typeof name === "string" ? [0, false, null].map((value) => [known([list, name], value)]) : [];
  const issued = Number(input.token?.iat ?? identity.keys[0]?.created ?? input.time);
  const issuer = issuerOf(model, identity)?.name;
  const grants = scene.decision.allow ? scene.decision.grants : [];
  const confirmed = (input.token?.cnf ?? {}) as { readonly jkt?: string; readonly "x5t#S256"?: string };
  return [
    ...empty,
    ...entry("identities", identity.name),
    ...entry("owners", identity.owner),
    ...entry("issuers", issuer),
    ...entry("tiers", identity.tier),
    ...entry("keys", input.key?.id),
    ...entry("keys", input.peer?.["x5t#S256"]),
    ...entry("keys", input.proof?.jkt),
    ...entry("keys", confirmed.jkt),
    ...entry("keys", confirmed["x5t#S256"]),
    ...grants.flatMap((grant) => entry("grants", grant)),
    ...(issuer === undefined
      ? []
      : [tokenId, "another"].map((id) => [known(["tokens", issuer], { [id]: input.time + 60 })])),
    ...[issued - 1, issued, issued + 1, "never", null, -1].map((time) => [
      known(["issuedBefore", identity.name], time),
    ]),
  ];
}

/** Everything happens at another time, at and just before each moment at which something begins or ends. */
function moments(base: Base): readonly Variation[] {
  const { policy, identity, scene, model } = base;
  const rules = identity
    ? [...scene.lookup.grantsTo(identity.name), ...scene.lookup.deniesTo(identity.name)].slice(0, 8)
    : [];
  const rotation = model.tiers.find((tier) => tier.name === identity?.tier)?.keyRotation ?? 0;
  const keys = (identity?.keys ?? []).slice(0, 2).flatMap(({ created }) => [created, created + rotation + 1]);
  const found = [
    policy.notBefore,
    policy.notAfter,
    identity?.from,
    identity?.expires,
    ...rules.flatMap(({ from, until }) => [from, until]),
    ...keys,
  ];
  const times = [...new Set(found)].filter((time) => time !== undefined && time > 0);
  return times.flatMap((time) => [0, -1].map((step) => shifted(base, (time as number) + step)));
}

/** The same request at another time: its token and what is known of revocations are as old as before. */
function shifted({ input, revocations }: Base, time: number): Variation {
  const by = time - input.time;
  const later = (value: number): number => Math.max(0, value + by);
  return [
    asked(["time"], time, `it is ${time}`),
    known(["at"], later(revocations.at), ""),
    ...(["iat", "exp", "nbf"] as const).flatMap((name) => {
      const value = claimTime(input, name);
      return value === undefined ? [] : [asked(["token", name], later(value), "")];
    }),
  ];
}

function claimTime({ token }: Input, name: string): number | undefined {
  const value = token?.[name];
  return typeof value === "number" ? value : undefined;
}
