import { grant, identity, issuer, scopes, tier } from "writ";

const base = { revocationDelay: "60s", authentication: ["mtls"], trsut: 40 };
export const workload = tier({ trust: 40, tokenLifetime: { bound: "15m" }, ...base });
export const other = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: base.revocationDelay } });
export const corp = issuer("https://id.example.com", { audience: base.audience, algorithms: ["ES256"] });
const until = ["2027-01-31"];
const patterns = ["orders:*"];
const sum = (r) => r.params.id === "1";
const inner = [tier({ trust: 1, authentication: ["mtls"], tokenLifetime: { bound: "15m" } })];
const spread = [..."abc", ...base];
export const good = issuer("https://id.example.org", { audience: "https://apis.example.com", algorithms: ["ES256"] });
export const wide = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "15m" }, wildcards: true });
export const payments = identity({ tier: wide, issuer: good, subject: "payments", owner: "team@example.com" });
export const orders = scopes("orders", ["read"]);
export const reads = grant({ to: payments, scopes: patterns });
export const more = grant({ to: payments, scopes: [...spread] });
