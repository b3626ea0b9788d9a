/** Checks small estates for tests: files by name, whatever their kind. */
import { type Checked, check } from "../../src/check/index.ts";
import type { Diagnostic, Source } from "../../src/diagnostics/index.ts";
import { parse } from "../../src/syntax/index.ts";

export interface Verdict extends Checked {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Data files may be given as text. */
export function checkFiles(files: Readonly<Record<string, string | Uint8Array>>): Verdict {
  const policies: Source[] = Object.entries(files)
    .filter(([path]) => path.endsWith(".policy.ts"))
    .map(([path, content]) => ({
      path,
      text: typeof content === "string" ? content : new TextDecoder().decode(content),
    }));
  const parsed = policies.map((source) => parse(source));
  const { value, diagnostics } = check(
    parsed.map((result) => result.value),
    (reference) => {
      const content = files[reference];
      if (content === undefined) return undefined;
      return { path: reference, bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
    },
  );
  return {
    ...value,
    diagnostics: [...parsed.flatMap((result) => result.diagnostics), ...diagnostics],
    texts: new Map([...policies, ...value.sources].map(({ path, text }) => [path, text])),
  };
}

/** Each diagnostic as its code and the author's text that it points at. */
export function said({ diagnostics, texts }: Verdict): readonly string[] {
  return diagnostics.map(({ code, span }) => {
    const text = span ? (texts.get(span.path) ?? "").slice(span.start, span.end) : "";
    return `${code} ${text}`;
  });
}

export function codes({ diagnostics }: Verdict): readonly string[] {
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}

/** An estate with one of everything, for tests that add one line. */
export const base = `import { api, cidr, condition, deny, emergency, example, grant, group, identity, issuer, never, registry, scopes, tier } from "writ";
const workload = tier({ trust: 40, authentication: ["mtls", "svid"], tokenLifetime: { bound: "15m" }, wildcards: true });
const partner = tier({ trust: 20, authentication: ["dpop"], tokenLifetime: { bound: "15m" }, grantLifetime: "180d" });
const legacy = tier({ trust: 5, authentication: ["key"], keyRotation: "90d", sunset: "2027-03-31" });
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { tenant: "string", region: ["eu", "us"] } });
const other = issuer("https://id.example.org", { audience: "https://apis.example.com", algorithms: ["ES256"] });
const payments = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/payments/sa/*", owner: "team@example.com" });
const acme = identity({ tier: partner, issuer: other, subject: "acme", owner: "team@example.com", expires: "2027-06-30" });
const orders = scopes("orders", ["read", "write", "refund"], { implies: { write: ["read"] } });
const ordersApi = api("orders.example.com", { operations: {
  "GET /v1/orders": orders.read,
  "GET /v1/tenants/{tenant}/orders": orders.write,
  "POST /v1/refunds": orders.refund,
} });
`;

/** The codes that one more line in the base estate gives rise to, less those of imports that nothing uses. */
export function saidOf(line: string): readonly string[] {
  return said(checkFiles({ "x.policy.ts": `${base}${line}\n` })).filter((words) => !words.startsWith("WRIT2012"));
}
