/** 6xxx: limits of the back ends. */
import type { Entry } from "../table.ts";

export const limits = {} satisfies Record<string, Entry>;
