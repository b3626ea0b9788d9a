import { scopes } from "writ";
import { second } from "./b.policy.ts";

export const first = "read";
export const orders = scopes("orders", [second]);
