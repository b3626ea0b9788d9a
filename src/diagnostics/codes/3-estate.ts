/** 3xxx: rules of the estate: tiers, expiry, owners, trust. */
import type { Entry } from "../table.ts";

export const estate = {} satisfies Record<string, Entry>;
