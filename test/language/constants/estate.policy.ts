import { grant, group, identity, issuer, scopes, tier } from "writ";
import { owners, quarter, tags, trust } from "./shared.policy.ts";

const limits = { trust, audiences: 2, wildcards: true };
export const workload = tier({ authentication: ["mtls"], tokenLifetime: { bound: "15m" }, grantLifetime: quarter, ...limits });
export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
const common = { tier: workload, issuer: corp, owner: owners.shared };
export const payments = identity({ ...common, owner: owners["payments"], subject: "payments" });
export const batch = identity({ ...common, subject: "batch", tags: [...tags, "eu"] });
const everybody = [payments, batch];
export const nightly = group([...everybody], (i) => i.tags.includes("nightly"));
export const orders = scopes("orders", ["read", "write"]);
const both = [orders.read, orders.write];
export const reads = grant({ to: everybody, scopes: [...both] });
export const writes = grant({ to: nightly, scopes: both });
