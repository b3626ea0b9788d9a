/** 82xx: who asks the publisher, and what proves it. */
import type { Entry } from "../entry.ts";

export const callers = {} satisfies Record<string, Entry>;
