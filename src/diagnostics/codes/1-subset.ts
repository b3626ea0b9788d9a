/** 1xxx: what is not in the subset of TypeScript that policies are written in. */
import type { Entry } from "../table.ts";

export const subset = {} satisfies Record<string, Entry>;
