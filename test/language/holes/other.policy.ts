import { workload } from "./broken.policy.ts";
import { identity } from "writ";
import { corp } from "./broken.policy.ts";

export const refunds = identity({ tier: workload, issuer: corp, subject: "refunds", owner: "team@example.com" });
