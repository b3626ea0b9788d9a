import { scopes } from "writ";
import { first } from "../a.policy.ts";
import { nothing } from "./c.policy.ts";

export const third = "list";
export const nothing = "none";
export const invoices = scopes("invoices", [first]);
