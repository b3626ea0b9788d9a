import { identity, issuer, registry, grup } from "writ";
import { workload as trusted, hidden, wrokload } from "./tiers.policy.ts";
import { partner } from "./tires.policy.ts";
import { outside } from "../tiers.policy.ts";
import { fs } from "node:fs";

export const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"] });
export const payments = identity({ tier: trusted, issuer: corp, subject: "payments", owner: "team@example.com" });
// What could not be imported is reported once, where it is imported.
export const refunds = identity({ tier: hidden, issuer: corp, subject: "refunds", owner: "team@example.com" });
export const acme = identity({ tier: partner, issuer: corp, subject: "acme", owner: "team@example.com" });
export const batch = grup(payments, (i) => i.tags.includes("batch"));
export const orders = scopes("orders", ["read"]);
export const more = identity({ tier: wrokload, issuer: corp, subject: "more", owner: outside });
