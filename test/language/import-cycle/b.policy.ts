import { scopes } from "writ";
import { third } from "./folder/c.policy.ts";

export const second = "write";
export const refunds = scopes("refunds", [third]);
