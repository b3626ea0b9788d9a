/** Differences made by hand, so that what is said of them does not depend on what finds them. */
import type { Change, Difference } from "../../src/diff/index.ts";
import { type Model, normalise } from "../../src/model/index.ts";
import { type Review, reviewOf, type Side } from "../../src/review/index.ts";

const refused = { allow: false, reason: "condition" } as const;
const allowed = {
  allow: true,
  reason: "granted",
  operation: "orders.example.com GET /v1/orders",
  grants: ["reads"],
  emergency: false,
  headers: {},
  until: 1_795_478_700,
  revision: "1-0000000000000000",
} as const;

export function changeWith(over: Partial<Change> = {}): Change {
  const kind = over.kind ?? "gain";
  const [before, after] = {
    gain: [{ reason: "condition" }, { reason: "granted", grants: ["reads"] }],
    loss: [{ reason: "granted", grants: ["reads"] }, { reason: "scope-not-granted" }],
    headers: [
      { reason: "granted", headers: { "x-caller": "{identity}" } },
      { reason: "granted", headers: { "x-caller": "{owner}" } },
    ],
    until: [
      { reason: "granted", until: "2026-12-31 (grant reads)" },
      { reason: "granted", until: "2027-05-31 (grant reads)" },
    ],
    reason: [{ reason: "condition" }, { reason: "denied" }],
  }[kind] as unknown as [Change["before"], Change["after"]];
  return {
    kind,
    identities: ["payments"],
    trust: 40,
    credentials: ["token"],
    operations: ["orders.example.com GET /v1/orders"],
    isMixed: false,
    pairs: 1,
    when: [[]],
    before,
    after,
    causes: ["grant reads"],
    witness: {
      input: { time: 1_795_478_400, request: { host: "orders.example.com", method: "GET", path: "/v1/orders" } },
      revocations: { at: 1_795_478_400, floor: 0 },
      before: refused,
      after: allowed,
    },
    ...over,
  };
}

const none = { tiers: [], issuers: [], identities: [], groups: [], scopes: [], apis: [] };
export const emptyModel: Model = normalise({
  format: 1,
  ...none,
  conditions: [],
  grants: [],
  denies: [],
  examples: [],
});

export function reviewWith(
  changes: readonly Change[],
  {
    before = {},
    after = {},
    approvals = [],
  }: {
    readonly before?: Partial<Side>;
    readonly after?: Partial<Side>;
    readonly approvals?: Parameters<typeof reviewOf>[3];
  } = {},
): Review {
  const difference: Difference = {
    changes,
    counts: { gain: 0, loss: 0, headers: 0, until: 0, reason: 0 },
    looked: { identities: 549, operations: 1220, classes: 930 },
  };
  const positions = new Map([["reads", { path: "orders.policy.ts", line: 32 }]]);
  return reviewOf(
    { name: "main", model: emptyModel, ...before },
    { name: "policies", model: emptyModel, positions, ...after },
    difference,
    approvals,
  );
}

/** Names that would be something else if they were not escaped. */
export const hostileNames: readonly string[] = [
  "`",
  "``` \n```",
  "a|b",
  "a\\|b",
  "\\",
  "</code></td></tr></table><script>alert(1)</script>",
  "<!-- writ diff -->",
  "x\n\n# heading",
  "x\r\n| a | b |",
  "\u202eevil\u202c",
  "\u2066a\u2069\u200b\u2028",
  "@everyone",
  "[x](javascript:alert(1))",
  "![x](https://evil.example/x.png)",
  "https://evil.example",
  "**bold** _it_ ~~s~~ :smile: #1",
  '"><img src=x onerror=alert(1)>',
  "&lt;b&gt;",
  "$&",
  "",
  " ",
  "x".repeat(5000),
  "\u001b[31mred\u0007",
  "\ud800",
  "{{constructor.constructor('x')()}}",
  "</details>",
];
