/** Views of estates for the tests of the page: an empty one, a small one, a large one, one in trouble. */
import { GrowingLog } from "../../src/audit/index.ts";
import type { JsonObject } from "../../src/json/index.ts";
import type { PageOptions } from "../../src/page/index.ts";
import type { Ring } from "../../src/protocol/index.ts";
import type { By, CandidateView, ChangeView, GatewayView, ReleaseView, View } from "../../src/publish/index.ts";

export const NOW = 1_795_521_600;
const ISSUER = "https://ci.example.com";

export const alice: By = { issuer: ISSUER, subject: "alice", name: "alice" };
export const bob: By = { issuer: ISSUER, subject: "bob", name: "bob" };
export const soc: By = { issuer: "certificate", subject: "soc", name: "soc" };
export const ci: By = { issuer: ISSUER, subject: "repo:estate:main", name: "ci" };

export function hex(seed: string): string {
  return seed.repeat(64).slice(0, 64);
}

export function release(over: Partial<ReleaseView> = {}): ReleaseView {
  return {
    digest: hex("3f9a"),
    content: hex("c0de"),
    revision: "2026-11-24.2",
    sequence: 41,
    since: NOW - 3 * 3600,
    expires: NOW + 29 * 86_400,
    revocationDelay: 30,
    releasedBy: bob,
    approvedBy: [alice],
    provenance: {
      repository: "https://git.example.com/estate",
      commit: "8c1f0b7de2a94f3355aa61d0c2b7e9f014d3a8b6",
      workflow: "release.yml",
    },
    ...over,
  };
}

export function gateway(name: string, over: Partial<GatewayView> = {}): GatewayView {
  return {
    name,
    kind: "sdk",
    ring: "stable",
    heard: NOW - 2,
    live: true,
    version: 1207,
    enforced: 52,
    policy: { sequence: 41, revision: "2026-11-24.2" },
    age: 4,
    problems: [],
    allowed: 120_344,
    denied: 1893,
    dropped: 0,
    ...over,
  };
}

export function change(over: Partial<ChangeView> = {}): ChangeView {
  return {
    sequence: 52,
    kind: "revoke",
    at: NOW - 40,
    by: soc,
    words: "identity spiffe://example.com/batch/nightly",
    reason: "key found in a public log",
    reach: { live: 8, enforced: 8 },
    took: 312,
    ...over,
  };
}

function released(ring: Ring, over: Partial<ChangeView>): ChangeView {
  const { reason: _reason, ...rest } = change({ kind: "publish", by: bob, words: `2026-11-24.2 in ${ring}`, ...over });
  return { ...rest, policy: { ring, sequence: 41 } };
}

export function candidate(over: Partial<CandidateView> = {}): CandidateView {
  return {
    digest: hex("77b1"),
    revision: "2026-11-24.3",
    sequence: 53,
    submitted: NOW - 900,
    submittedBy: ci,
    approvedBy: [],
    approvalsNeeded: 1,
    state: "waiting",
    ...over,
  };
}

export const emptyView: View = {
  now: NOW,
  head: { version: 1, at: NOW - 1, floor: 0, audit: { size: 0, root: hex("e3b0") } },
  inForce: {},
  candidates: [],
  restorations: [],
  gateways: [],
  changes: [],
  revoked: 0,
  alarms: [],
};

const names = ["edge-1", "edge-2", "edge-3", "ledger", "mail", "payments-eu", "payments-us", "search"];

export const smallView: View = {
  now: NOW,
  head: { version: 1207, at: NOW - 4, floor: 12, audit: { size: 130, root: hex("9d41") } },
  inForce: { canary: release({ since: NOW - 5 * 3600 }), stable: release() },
  candidates: [
    candidate(),
    candidate({ digest: hex("3f9a"), revision: "2026-11-24.2", sequence: 41, state: "stable" }),
  ],
  restorations: [],
  gateways: names.map((name, index) =>
    gateway(name, {
      kind: name === "mail" ? "opa" : "sdk",
      ring: index < 2 ? "canary" : "stable",
      age: 3 + index,
      allowed: 120_344 - 9_000 * index,
    }),
  ),
  changes: [
    change(),
    released("stable", { sequence: 47, at: NOW - 3 * 3600, reach: { live: 6, enforced: 6 }, took: 640 }),
    released("canary", { sequence: 45, at: NOW - 5 * 3600, reach: { live: 2, enforced: 2 }, took: 410 }),
    change({
      sequence: 39,
      kind: "restore",
      at: NOW - 86_400,
      by: alice,
      words: "owner team-search",
      reason: "rotated",
      took: 702,
    }),
    change({
      sequence: 31,
      kind: "recall",
      at: NOW - 200_000,
      by: bob,
      words: "every policy below 12",
      reason: "wrong tier",
      took: 388,
    }),
    change({ sequence: 22, at: NOW - 400_000, words: "token https://ci.example.com 7f1c", took: 295 }),
  ],
  revoked: 1402,
  alarms: [],
};

/** A revocation on its way, a halt, alarms, and gateways with every trouble there is. */
export const troubledView: View = {
  ...smallView,
  restorations: [
    {
      digest: hex("5e"),
      words: "owners team-search",
      reason: "its keys were replaced",
      proposed: NOW - 3000,
      proposedBy: bob,
      approvedBy: [alice],
      approvalsNeeded: 2,
    },
  ],
  halted: { at: NOW - 1200, by: bob, reason: "canary denies payments" },
  inForce: {
    canary: release({ expires: NOW + 2 * 86_400 }),
    stable: release({ expires: NOW - 60, revision: "2026-10-20.1" }),
  },
  alarms: [
    { code: "WRIT8031", message: "the store is nearly full" },
    { code: "WRIT9106", message: "two heads of the same version were seen" },
  ],
  gateways: smallView.gateways.map((each, index) => ({
    ...each,
    ...(index === 1 && {
      problems: [{ code: "WRIT9105", message: "the bundle could not be activated", digest: hex("3f9a") }],
    }),
    ...(index === 3 && { live: false, heard: NOW - 900, enforced: 47 }),
    ...(index === 4 && { age: 75, enforced: 51 }),
    ...(index === 5 && { enforced: 51, dropped: 12 }),
  })),
  changes: [
    change({ at: NOW - 2, reach: { live: 7, enforced: 5 }, took: undefined as never }),
    ...smallView.changes.slice(1),
  ].map(({ took, ...rest }) => (took === undefined ? rest : { ...rest, took })),
};

/** A thousand gateways, a few of them not well. */
export const largeView: View = {
  ...smallView,
  gateways: Array.from({ length: 1000 }, (_, index) => {
    const over: Partial<GatewayView> =
      index % 251 === 7
        ? { live: false, heard: NOW - 700, enforced: 40 }
        : index % 197 === 11
          ? { problems: [{ code: "WRIT9105", message: "the bundle could not be activated" }] }
          : index % 83 === 5
            ? { enforced: 51 }
            : {};
    return gateway(`pod-${String(index).padStart(4, "0")}`, {
      ring: index < 50 ? "canary" : "stable",
      age: index % 13,
      ...over,
    });
  }),
  changes: [change({ at: NOW - 1, reach: { live: 996, enforced: 984 } }), ...smallView.changes.slice(1)].map(
    ({ took, ...rest }, index) =>
      index === 0 ? rest : { ...rest, reach: { live: 996, enforced: 996 }, took: took ?? 0 },
  ),
};

/** Many enough for a picture, few enough to measure each text of. */
export const foldedView: View = { ...largeView, gateways: largeView.gateways.slice(0, 270) };

const asked = (by: By, at: number) => ({
  at,
  by: { ...by, thumbprint: hex("ab") },
  call: { key: hex("1"), request: hex("2") },
});

/** Bodies as the publisher writes them, one of each kind. */
const entries: readonly JsonObject[] = [
  { kind: "versions", body: { until: 2000 } },
  {
    kind: "submit",
    body: { ...asked(ci, NOW - 9000), digest: hex("3f9a"), revision: "2026-11-24.2", sequence: 41 },
  },
  { kind: "approve", body: { ...asked(alice, NOW - 8000), digest: hex("3f9a"), person: "alice", shown: hex("d1ff") } },
  { kind: "publish", body: { ...asked(bob, NOW - 7000), digest: hex("3f9a"), ring: "canary", targets: hex("7a") } },
  {
    kind: "refuse",
    body: {
      at: NOW - 6500,
      by: { issuer: ISSUER, subject: "mallory", thumbprint: hex("bad") },
      action: "release",
      code: "api-forbidden",
      count: 12,
    },
  },
  { kind: "refuse", body: { at: NOW - 6400, action: "revoke", code: "api-unauthenticated", count: 1 } },
  { kind: "halt", body: { ...asked(bob, NOW - 6000), reason: "canary denies payments" } },
  { kind: "resume", body: { ...asked(bob, NOW - 5000), reason: "it was the test" } },
  {
    kind: "revoke",
    body: {
      ...asked(soc, NOW - 40),
      reason: "key found in a public log",
      entries: ["nightly", "hourly", "daily", "weekly"].map((name) => ({
        path: ["identities", `spiffe://example.com/${name}`],
        value: NOW,
      })),
    },
  },
  { kind: "revoke", body: { ...asked(bob, NOW - 39), reason: "wrong tier", entries: [], floor: 12 } },
  {
    kind: "restore",
    body: {
      ...asked(alice, NOW - 30),
      reason: "rotated",
      digest: hex("5e"),
      person: "alice",
      paths: [["owners", "team-search"]],
    },
  },
  { kind: "rotate", body: { ...asked(bob, NOW - 20), roots: [hex("70")] } },
] as unknown as readonly JsonObject[];

export function linesOf(bodies: readonly JsonObject[]): readonly Uint8Array[] {
  return new GrowingLog().linesFor(bodies.map((entry) => ({ blobs: [], ...entry })));
}

export const auditLines: readonly Uint8Array[] = linesOf(entries);

export function optionsFor(view: View): PageOptions {
  const { size } = view.head.audit;
  return { audit: size === 0 ? { since: 0, lines: [] } : { since: size - auditLines.length, lines: auditLines } };
}
