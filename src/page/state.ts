/** How each gateway is, by one rule for pictures, rows and the line at the top. */

import { count } from "../html/index.ts";
import { type Ring, rings } from "../protocol/index.ts";
import type { GatewayView, ReleaseView, View } from "../publish/index.ts";

/** Worst first. */
export const gatewayStates = ["trouble", "silent", "stale", "behind", "current"] as const;
export type GatewayState = (typeof gatewayStates)[number];

export const stateWords: Readonly<Record<GatewayState, string>> = {
  trouble: "with a problem",
  silent: "silent",
  stale: "stale: denies",
  behind: "behind the latest change",
  current: "current",
};

/** Of a tier that says nothing (threat model §5.4). */
const DEFAULT_DELAY = 60;

/** Seconds after which the first tier denies because what is revoked is not known any more. */
export function limitOf(view: View, ring: Ring): number {
  return view.inForce[ring]?.revocationDelay ?? DEFAULT_DELAY;
}

/** It does not enforce the latest revocation, or decides by another policy than its ring has. */
function isBehind({ enforced, policy, ring }: GatewayView, view: View): boolean {
  const latest = view.changes.find(({ kind }) => kind !== "publish")?.sequence ?? 0;
  return enforced < latest || (policy?.sequence ?? 0) < (view.inForce[ring]?.sequence ?? 0);
}

export function stateOf(gateway: GatewayView, view: View): GatewayState {
  if (!gateway.live) return "silent";
  if (gateway.problems.length > 0) return "trouble";
  if (gateway.age !== undefined && gateway.age > limitOf(view, gateway.ring)) return "stale";
  return isBehind(gateway, view) ? "behind" : "current";
}

/** Of a release: why gateways deny everything, where they do. */
export function endOf(release: ReleaseView, view: View): "expired" | "below the floor" | undefined {
  if (release.sequence < view.head.floor) return "below the floor";
  return release.expires <= view.now ? "expired" : undefined;
}

export type Tone = "good" | "warn" | "bad";

interface Point {
  readonly tone: Tone;
  readonly words: string;
  /** The section that says more. */
  readonly place: string;
}

/** What an operator has to know first, worst first; never empty. */
export function pointsOf(view: View): readonly Point[] {
  const points: Point[] = [];
  const add = (tone: Tone, words: string, place: string) => points.push({ tone, words, place });
  if (view.alarms.length > 0) add("bad", count(view.alarms.length, "alarm"), "alarms");
  for (const ring of rings) {
    const end = view.inForce[ring] && endOf(view.inForce[ring], view);
    if (end) add("bad", `policy of ${ring} is ${end}: its gateways deny everything`, "in-force");
  }
  if (Object.keys(view.inForce).length === 0) add("warn", "nothing is in force", "in-force");
  if (view.halted) add("warn", "releases are halted", "releases");
  const states = view.gateways.map((gateway) => stateOf(gateway, view));
  for (const [state, tone, words] of ROWS) {
    const found = states.filter((each) => each === state).length;
    if (found > 0) add(tone, `${count(found, "gateway")} ${words[found === 1 ? 0 : 1]}`, "gateways");
  }
  const restorations = view.restorations.length;
  if (restorations > 0)
    add(
      "warn",
      `${count(restorations, "restoration")} ${restorations === 1 ? "waits" : "wait"} for approval`,
      "candidates",
    );
  const waiting = view.candidates.filter(({ state }) => state === "waiting").length;
  if (waiting > 0)
    add("warn", `${count(waiting, "candidate")} ${waiting === 1 ? "waits" : "wait"} for approval`, "candidates");
  if (!points.some(({ place }) => place === "gateways"))
    add(
      view.gateways.length > 0 ? "good" : "warn",
      view.gateways.length > 0 ? `${count(view.gateways.length, "gateway")}, all current` : "no gateway yet",
      "gateways",
    );
  return points;
}

const ROWS: readonly (readonly [GatewayState, Tone, readonly [string, string]])[] = [
  ["trouble", "bad", ["reports a problem", "report a problem"]],
  ["stale", "bad", ["is stale and denies", "are stale and deny"]],
  ["silent", "bad", ["is silent", "are silent"]],
  ["behind", "warn", ["is behind the latest change", "are behind the latest change"]],
];
