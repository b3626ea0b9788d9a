/** 93xx: a gateway that follows a publisher. */
import type { Entry } from "../entry.ts";

export const client = {} satisfies Record<string, Entry>;
