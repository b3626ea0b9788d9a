/** How a call has to be presented in a tier, in words. */
import { unreachable } from "../diagnostics/index.ts";
import type { Identity, Method, Tier } from "../model/index.ts";

/** Any one of these; with an identity only what that identity can show. */
export function presentedWords(tier: Tier, identity?: Identity): readonly string[] {
  return tier.authentication.flatMap((method) => (identity && !canShow(identity, method) ? [] : wordsOf(method, tier)));
}

function canShow({ issuer, subject, keys }: Identity, method: Method): boolean {
  if (method === "key") return keys.length > 0;
  if (method === "svid") return subject?.startsWith("spiffe://") === true;
  return issuer !== undefined && subject !== undefined;
}

function wordsOf(method: Method, { tokenLifetime: { bound, bearer }, keyRotation }: Tier): readonly string[] {
  switch (method) {
    case "mtls":
      return bound === undefined ? [] : [`a token bound to its client certificate, of at most ${duration(bound)}`];
    case "dpop":
      return bound === undefined ? [] : [`a token bound to its own key (DPoP), of at most ${duration(bound)}`];
    case "bearer":
      return bearer === undefined ? [] : [`a bearer token of at most ${duration(bearer)}`];
    case "svid":
      return ["its SPIFFE certificate"];
    case "key":
      return keyRotation === undefined ? [] : [`a static key that is at most ${duration(keyRotation)} old`];
    default:
      return unreachable(method);
  }
}

const units = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
] as const;

/** `15 minutes`, in the largest unit that says it exactly. */
export function duration(seconds: number): string {
  const [size, unit] = units.find(([each]) => seconds >= each && seconds % each === 0) ?? ([1, "second"] as const);
  const amount = seconds / size;
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

/** `2027-05-31`, with the time of day where it is not midnight UTC. */
export function moment(time: number): string {
  const date = new Date(time * 1000);
  if (Number.isNaN(date.getTime())) return `${time} s`;
  return date.toISOString().replace(".000Z", "Z").replace("T00:00:00Z", "");
}

/** Whether a condition in words is nothing but a time: `from 2026-06-01 until 2027-05-31`. */
export function isPeriod(words: string): boolean {
  return /^(?:at any time|(?:before|from|until) \d)/.test(words);
}
