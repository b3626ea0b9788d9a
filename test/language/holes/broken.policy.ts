import { grant, identity, issuer, scopes, tier } from "writ";
import { missing } from

export const = tier({ trust: 40, authentication: ["mtls"], tokenLifetime: { bound: "15m" } });
export const corp = issuer("https://id.example.com", { audience: , algorithms: ["ES256"] });
export const payments = identity({ tier: workload., issuer: corp, subject: "payments", owner: "team@example.com" });
export const orders = scopes("orders", ["read", ]);
export const reads = grant({ to: payments, scopes: [orders.] });
