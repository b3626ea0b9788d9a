/** 7xxx: bundles, signatures and keys. */
import type { Entry } from "../table.ts";

export const bundles = {} satisfies Record<string, Entry>;
