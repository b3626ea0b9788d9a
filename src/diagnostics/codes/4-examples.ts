/** 4xxx: examples and proofs. */
import type { Entry } from "../table.ts";

export const examples = {} satisfies Record<string, Entry>;
